/** The heap that live runs take. */
@NullMarked
package io.deriver.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
