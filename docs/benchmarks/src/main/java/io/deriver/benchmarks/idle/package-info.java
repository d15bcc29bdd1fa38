/** What a pool costs that has nothing to do. */
@NullMarked
package io.deriver.benchmarks.idle;

import org.jspecify.annotations.NullMarked;
