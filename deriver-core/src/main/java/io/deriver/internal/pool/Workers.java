package io.deriver.internal.pool;

import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The threads that runs are worked on. Platform threads are used again while they stay clean: one
 * that was ever interrupted, cancelled or abandoned ends with its run. Virtual threads are made for
 * each run.
 */
final class Workers {

  /** Works a run; says whether its thread is clean afterwards. */
  @FunctionalInterface
  interface Body {
    boolean work(Run run);
  }

  private static final Duration KEEP_IDLE = Duration.ofSeconds(30);

  private final SynchronousQueue<Run> handover = new SynchronousQueue<>();
  private final AtomicLong numbers = new AtomicLong();
  private final String pool;
  private final Body body;
  private final @Nullable ThreadFactory virtual;
  private volatile boolean stopping;

  Workers(String pool, Body body, boolean virtualThreads) {
    this.pool = pool;
    this.body = body;
    this.virtual = virtualThreads ? Threads.virtual("deriver-" + pool + "-run-") : null;
  }

  /**
   * Has a thread work the run.
   *
   * @throws OutOfMemoryError if no thread could be started
   */
  void start(Run run) {
    if (virtual != null) {
      virtual.newThread(() -> body.work(run)).start();
    } else if (!handover.offer(run)) {
      Threads.daemon("deriver-" + pool + "-run-" + numbers.incrementAndGet(), () -> workFrom(run))
          .start();
    }
  }

  /** Lets idle threads end. */
  void stop() {
    stopping = true;
  }

  private void workFrom(Run first) {
    Run next = first;
    while (next != null && body.work(next) && !stopping) {
      try {
        next = handover.poll(KEEP_IDLE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException stray) {
        return;
      }
    }
  }
}
