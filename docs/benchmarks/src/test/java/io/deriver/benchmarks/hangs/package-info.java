/** Tests of what healthy calls get. */
@NullMarked
package io.deriver.benchmarks.hangs;

import org.jspecify.annotations.NullMarked;
