package io.deriver.internal.pool;

import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that runs are worked on. Platform threads are used again while they stay clean: one
 * that was ever interrupted, cancelled or abandoned ends with its run. Virtual threads are made for
 * each run.
 */
final class RunThreads {

  /** Works a run; says whether its thread is clean afterwards. */
  @FunctionalInterface
  interface Body {
    boolean work(Run run);
  }

  private static final Duration KEEP_IDLE = Duration.ofSeconds(5);

  private final SynchronousQueue<Run> handover = new SynchronousQueue<>();
  private final ThreadFactory threads;
  private final boolean reuse;
  private final Body body;
  private volatile boolean stopping;

  /**
   * @param reuse whether a clean thread works further runs
   */
  RunThreads(ThreadFactory threads, boolean reuse, Body body) {
    this.threads = threads;
    this.reuse = reuse;
    this.body = body;
  }

  /**
   * Has a thread work the run.
   *
   * @throws OutOfMemoryError if no thread could be started
   */
  void start(Run run) {
    if (!reuse || !handover.offer(run)) {
      threads.newThread(() -> workFrom(run)).start();
    }
  }

  /** Lets idle threads end. */
  void stop() {
    stopping = true;
  }

  private void workFrom(Run first) {
    Run next = first;
    while (next != null && body.work(next) && reuse && !stopping) {
      try {
        next = handover.poll(KEEP_IDLE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException stray) {
        return;
      }
    }
  }
}
