/** How soon slots come back when all runs hang. */
@NullMarked
package io.deriver.benchmarks.hang;

import org.jspecify.annotations.NullMarked;
