/** Tests of the gate that compares two versions. */
@NullMarked
package io.deriver.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
