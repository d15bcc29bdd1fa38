/** What the pool leaves in recordings of the JDK's Flight Recorder. */
@NullMarked
package io.deriver.internal.flight;

import org.jspecify.annotations.NullMarked;
