package io.deriver.testkit.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes threads, and waits for their ends. Thread-safe. */
public final class Threads {

  private Threads() {}

  /** A daemon that inherits no thread locals; not started. */
  public static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(null, body, name, 0, false);
    thread.setDaemon(true);
    return thread;
  }

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
