/** Tests of what watches claims. */
@NullMarked
package io.deriver.benchmarks.snapshot;

import org.jspecify.annotations.NullMarked;
