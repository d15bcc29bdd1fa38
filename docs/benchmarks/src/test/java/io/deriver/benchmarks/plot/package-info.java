/** Tests of what is drawn. */
@NullMarked
package io.deriver.benchmarks.plot;

import org.jspecify.annotations.NullMarked;
