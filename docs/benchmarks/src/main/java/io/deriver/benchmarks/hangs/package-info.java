/** What healthy calls get while some of the calls hang. */
@NullMarked
package io.deriver.benchmarks.hangs;

import org.jspecify.annotations.NullMarked;
