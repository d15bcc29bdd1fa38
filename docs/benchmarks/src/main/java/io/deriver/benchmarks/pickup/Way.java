package io.deriver.benchmarks.pickup;

import java.sql.SQLException;
import java.time.Duration;

/** A way from one who adds an item to one who hears of it. Used by one thread. */
interface Way extends AutoCloseable {

  /** How long all rests before an item is added; longer than notifications are kept apart. */
  Duration QUIET = Duration.ofMillis(30);

  /** Whether the last item is done, and nothing was done for that long. */
  boolean isIdle() throws SQLException;

  /** Adds an item, alone in its transaction, and returns when that is committed. */
  void add(int number) throws Exception;

  /** Waits for who hears of it; the answer is {@link System#nanoTime()} of that moment. */
  long heard() throws InterruptedException;

  @Override
  void close() throws SQLException;

  /** Makes one, in an empty schema. */
  @FunctionalInterface
  interface Maker {
    Way make() throws Exception;
  }
}
