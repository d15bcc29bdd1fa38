/** Tests of what measures. */
@NullMarked
package io.deriver.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
