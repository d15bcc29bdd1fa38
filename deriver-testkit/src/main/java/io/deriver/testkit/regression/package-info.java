/**
 * Proves that a host's own processor cannot wedge a pool: plays every {@linkplain
 * io.deriver.testkit.catalogue.HangShape way to hang} that it can meet on a real pool. Begin at
 * {@link io.deriver.testkit.regression.DeadlockRegressionTest} or, without JUnit's help, at {@link
 * io.deriver.testkit.regression.DeadlockRegression}.
 */
@NullMarked
package io.deriver.testkit.regression;

import org.jspecify.annotations.NullMarked;
