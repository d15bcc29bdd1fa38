/** Tests of what drains. */
@NullMarked
package io.deriver.benchmarks.drain;

import org.jspecify.annotations.NullMarked;
