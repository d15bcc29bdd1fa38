/** Rounds, clocks and counters. */
@NullMarked
package io.deriver.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
