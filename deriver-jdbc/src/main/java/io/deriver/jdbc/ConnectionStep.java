package io.deriver.jdbc;

import java.sql.Connection;

/**
 * A completion step with plain JDBC. Runs on the run's thread, inside the transaction that
 * completes the claim; must neither commit, roll back nor close.
 */
@FunctionalInterface
public interface ConnectionStep {

  /**
   * Does the step.
   *
   * @throws Exception rolls everything back; the unit fails with it
   */
  void run(Connection tx) throws Exception;
}
