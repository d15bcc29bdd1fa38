/** How soon new work is begun. */
@NullMarked
package io.deriver.benchmarks.pickup;

import org.jspecify.annotations.NullMarked;
