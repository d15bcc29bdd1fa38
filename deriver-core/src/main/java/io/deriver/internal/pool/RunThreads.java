package io.deriver.internal.pool;

import io.deriver.spi.Signal;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The threads that runs are worked on. Platform threads are used again while they stay clean: one
 * that was ever interrupted, cancelled or abandoned ends with its run. Virtual threads are made for
 * each run.
 *
 * <p>A run that is handed to idle threads has one of them for certain, but which one is open until
 * it comes: runs that end at once are worked by few threads, one after the other, and the others
 * are not woken for them. Of those that wait one is woken, and wakes the next if there is more. A
 * run that has the slot of the one before it is worked next by the same thread, if it may.
 */
final class RunThreads {

  /** Works a run; says whether its thread is clean afterwards. */
  @FunctionalInterface
  interface Body {
    boolean work(Run run);

    /** No thread can be had for it. */
    default void leave(Run run) {}
  }

  private static final Duration KEEP_IDLE = Duration.ofSeconds(5);

  private final Queue<Run> handed = new ConcurrentLinkedQueue<>();

  /**
   * Idle threads for which no run was handed over: idle ones are these and as many as are handed.
   */
  private final AtomicInteger spare = new AtomicInteger();

  private final Signal wakeUp = new Signal();
  private final ThreadFactory threads;
  private final boolean reuse;
  private final Body body;
  private final Duration keepIdle;
  private volatile boolean stopping;

  /**
   * @param reuse whether a clean thread works further runs
   */
  RunThreads(ThreadFactory threads, boolean reuse, Body body) {
    this(threads, reuse, body, KEEP_IDLE);
  }

  RunThreads(ThreadFactory threads, boolean reuse, Body body, Duration keepIdle) {
    this.threads = threads;
    this.reuse = reuse;
    this.body = body;
    this.keepIdle = keepIdle;
  }

  /**
   * Has a thread work the run.
   *
   * @throws OutOfMemoryError if no thread could be started
   */
  void start(Run run) {
    if (takeSpare()) {
      hand(run);
    } else {
      AtomicReference<@Nullable Run> first = new AtomicReference<>(run);
      threads.newThread(() -> workFrom(first)).start();
    }
  }

  private void hand(Run run) {
    try {
      handed.add(run);
    } catch (Throwable noMemory) {
      spare.incrementAndGet();
      throw noMemory;
    }
    wakeUp.set();
  }

  /** Lets idle threads end. */
  void stop() {
    stopping = true;
  }

  /** How many threads wait for runs and have none handed over for them. */
  int idle() {
    return spare.get();
  }

  /** In a holder, for a thread keeps what it was made with for as long as it lives. */
  private void workFrom(AtomicReference<@Nullable Run> next) {
    for (Run run; (run = next.getAndSet(null)) != null; ) {
      next.set(workAndNext(run));
    }
  }

  private @Nullable Run workAndNext(Run run) {
    boolean goesOn = false;
    try {
      goesOn = body.work(run) && reuse;
    } finally {
      if (!goesOn) {
        startHeir(run.takeHeir());
      }
    }
    if (!goesOn) {
      return null;
    }
    Run heir = run.takeHeir();
    return heir != null || stopping ? heir : next();
  }

  private void startHeir(@Nullable Run heir) {
    if (heir == null) {
      return;
    }
    try {
      start(heir);
    } catch (Throwable noThread) {
      body.leave(heir);
      throw noThread;
    }
  }

  /** The next run for a thread that is idle from here on; null if none came for long. */
  private @Nullable Run next() {
    long idleSince = System.nanoTime();
    boolean interrupted = false;
    spare.incrementAndGet();
    while (true) {
      Run run = handed.poll();
      if (run != null) {
        // Whoever interrupted it meant what it did before: the run is not known to be here yet.
        boolean unused = Thread.interrupted();
        if (!handed.isEmpty()) {
          wakeUp.set();
        }
        return run;
      }
      // One for which a run was handed over may not go: it comes to it, or to another one.
      boolean idleForLong = System.nanoTime() - idleSince >= keepIdle.toNanos();
      if ((idleForLong || interrupted) && takeSpare()) {
        return null;
      }
      interrupted = !awaitWakeUp();
    }
  }

  private boolean takeSpare() {
    int now = spare.get();
    while (now > 0 && !spare.compareAndSet(now, now - 1)) {
      now = spare.get();
    }
    return now > 0;
  }

  /** Whether nothing was amiss: neither an interrupt, from whomever, nor a want of memory. */
  private boolean awaitWakeUp() {
    try {
      wakeUp.awaitNanos(keepIdle.toNanos());
      return true;
    } catch (Throwable amiss) {
      return false;
    }
  }
}
