package io.deriver.benchmarks.measure;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what only asking shows. */
public final class Wait {

  private static final long BETWEEN_NANOS = 500_000;

  private Wait() {}

  /**
   * Returns within a millisecond of the moment from which on it holds, and what it takes to ask.
   *
   * @throws IllegalStateException if it does not come to hold
   */
  public static void until(String what, Duration atMost, Condition condition) throws SQLException {
    long start = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - start > atMost.toNanos()) {
        throw new IllegalStateException("waited %s in vain for %s".formatted(atMost, what));
      }
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
  }

  /** What is waited for. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws SQLException;
  }
}
