/** What was measured, for people and for programs. */
@NullMarked
package io.deriver.benchmarks.report;

import org.jspecify.annotations.NullMarked;
