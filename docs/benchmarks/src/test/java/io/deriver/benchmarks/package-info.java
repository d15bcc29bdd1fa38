/** Tests of the benchmarks. */
@NullMarked
package io.deriver.benchmarks;

import org.jspecify.annotations.NullMarked;
