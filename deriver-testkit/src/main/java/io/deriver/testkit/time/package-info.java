/** Time that a test owns. */
@NullMarked
package io.deriver.testkit.time;

import org.jspecify.annotations.NullMarked;
