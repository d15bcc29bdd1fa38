/** Compares the results of two versions of the library. */
@NullMarked
package io.deriver.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
