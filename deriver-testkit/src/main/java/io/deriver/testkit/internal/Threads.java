package io.deriver.testkit.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for the ends of threads. Thread-safe. */
public final class Threads {

  private Threads() {}

  /**
   * Waits until all have ended, the current one excepted. An interrupt is kept for later.
   *
   * @return the first that did not end in time; null if all did
   */
  public static @Nullable Thread awaitEnd(List<Thread> threads, Duration within) {
    long until = System.nanoTime() + within.toNanos();
    boolean interrupted = false;
    try {
      for (Thread thread : threads) {
        while (thread != Thread.currentThread() && thread.isAlive()) {
          long left = until - System.nanoTime();
          if (left <= 0) {
            return thread;
          }
          try {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(left, 1_000_000));
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      }
      return null;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
