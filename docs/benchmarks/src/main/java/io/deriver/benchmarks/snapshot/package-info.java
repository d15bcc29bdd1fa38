/** What claims cost while some transaction holds an old snapshot. */
@NullMarked
package io.deriver.benchmarks.snapshot;

import org.jspecify.annotations.NullMarked;
