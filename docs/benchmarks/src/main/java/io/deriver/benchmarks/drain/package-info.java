/** Draining items that are there. */
@NullMarked
package io.deriver.benchmarks.drain;

import org.jspecify.annotations.NullMarked;
