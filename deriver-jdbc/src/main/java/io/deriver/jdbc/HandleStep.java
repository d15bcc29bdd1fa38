package io.deriver.jdbc;

import org.jdbi.v3.core.Handle;

/**
 * A completion step with JDBI. Runs on the run's thread, inside the transaction that completes the
 * claim; must neither commit, roll back nor close.
 */
@FunctionalInterface
public interface HandleStep {

  /**
   * Does the step.
   *
   * @throws Exception rolls everything back; the unit fails with it
   */
  void run(Handle tx) throws Exception;
}
