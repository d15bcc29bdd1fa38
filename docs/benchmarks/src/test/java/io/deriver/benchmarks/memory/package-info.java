/** Tests of how the heap is measured. */
@NullMarked
package io.deriver.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
