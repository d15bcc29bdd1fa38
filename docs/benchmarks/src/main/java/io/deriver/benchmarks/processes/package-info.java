/** What several processes make of the same backlog. */
@NullMarked
package io.deriver.benchmarks.processes;

import org.jspecify.annotations.NullMarked;
