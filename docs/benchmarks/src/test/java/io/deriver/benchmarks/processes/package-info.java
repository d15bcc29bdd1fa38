/** Tests of what several processes are judged by. */
@NullMarked
package io.deriver.benchmarks.processes;

import org.jspecify.annotations.NullMarked;
