package io.deriver.internal.pool;

import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Side threads that interrupt a run's thread and close what it registered. Both are host code in
 * disguise (an interrupt closes a channel on the thread that interrupts) and may hang, so each run
 * has a side thread of its own, and a run whose side thread hangs counts as abandoned.
 */
final class Closers {

  private static final Duration KEEP_IDLE = Duration.ofSeconds(10);

  private final AbandonedRuns abandoned;
  private final ThreadPoolExecutor threads;

  /**
   * @param max more than this never hang at once, since at the cap of abandoned runs none is
   *     started
   */
  Closers(String pool, int max, AbandonedRuns abandoned) {
    this.abandoned = abandoned;
    this.threads =
        new ThreadPoolExecutor(
            0,
            max,
            KEEP_IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            body -> Threads.daemon("deriver-" + pool + "-closer", body));
  }

  /** Lets a side thread deal with the run; says nothing about when, or whether it comes back. */
  void close(Run run) {
    if (run.hasReturned() && run.hooks().endedEmpty()) {
      return;
    }
    abandoned.closing(run);
    try {
      threads.execute(() -> interruptAndClose(run));
    } catch (Throwable noThread) {
      // Whatever it is, nobody closes now, and nobody would count the run out again. The slot is
      // free and the outcome on its way; only the courtesy to the thread is lost.
      abandoned.closed(run);
    }
  }

  void stop() {
    threads.shutdown();
  }

  private void interruptAndClose(Run run) {
    try {
      run.closedBy(Thread.currentThread());
      interrupt(run.thread());
      run.hooks().fire();
    } finally {
      run.closedBy(null);
      abandoned.closed(run);
    }
  }

  private static void interrupt(@Nullable Thread thread) {
    try {
      if (thread != null) {
        thread.interrupt();
      }
    } catch (Throwable error) {
      // Thrown by the channel that it closed; what the run registered is closed nevertheless.
    }
  }
}
