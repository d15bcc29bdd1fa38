/**
 * A soak under real faults: forked workers, a ledger that the library does not write, and a judge.
 */
@NullMarked
package io.deriver.soak;

import org.jspecify.annotations.NullMarked;
