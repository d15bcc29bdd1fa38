/** Adding items. */
@NullMarked
package io.deriver.benchmarks.enqueue;

import org.jspecify.annotations.NullMarked;
