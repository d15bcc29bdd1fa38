/** Draws what was measured. */
@NullMarked
package io.deriver.benchmarks.plot;

import org.jspecify.annotations.NullMarked;
