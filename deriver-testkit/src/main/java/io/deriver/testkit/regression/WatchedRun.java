package io.deriver.testkit.regression;

import io.deriver.ItemOutcome;
import io.deriver.Outcome;
import io.deriver.RunContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A run that a processor is given, and what it does with it. Between the pool's interrupt and the
 * first of the closes it leaves the thread some time, so that the one is told from the other.
 * Thread-safe.
 */
final class WatchedRun implements RunContext {

  /** What an interrupt that frees needs no longer than; each run that it does not free waits so. */
  private static final Duration BEFORE_CLOSING = Duration.ofMillis(300);

  /** What comes back so long after an interrupt or a close comes back for another reason. */
  private static final long FREED_WITHIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final String key;
  private final RunContext run;
  private final Thread thread = Thread.currentThread();
  private final long beganAt = System.nanoTime();
  private final CountDownLatch returned = new CountDownLatch(1);
  private final AtomicInteger progress = new AtomicInteger();
  private final List<Hook> hooks = new CopyOnWriteArrayList<>();
  private final AtomicBoolean firstHook = new AtomicBoolean(true);
  private volatile long returnedAt;
  private volatile long closingAt;
  private volatile boolean closing;
  private volatile boolean sawItsEnd;
  private volatile boolean endedByForce;
  private volatile boolean saidDone;

  WatchedRun(String key, RunContext run) {
    this.key = key;
    this.run = run;
  }

  String key() {
    return key;
  }

  Thread thread() {
    return thread;
  }

  /** By {@link System#nanoTime()}. */
  long beganAt() {
    return beganAt;
  }

  /** By {@link System#nanoTime()}; 0 if it has not. */
  long returnedAt() {
    return returnedAt;
  }

  /** The processor is left; with no outcome it threw. */
  void isLeft(@Nullable Outcome outcome) {
    endedByForce = run.isCancelled();
    saidDone = saysDone(outcome);
    returnedAt = System.nanoTime();
    returned.countDown();
  }

  private static boolean saysDone(@Nullable Outcome outcome) {
    return outcome instanceof Outcome.Done
        || outcome instanceof Outcome.Apply
        || (outcome instanceof Outcome.PerItem items
            && items.outcomes().values().stream().anyMatch(ItemOutcome.Done.class::isInstance));
  }

  boolean hasReturned() {
    return returned.getCount() == 0;
  }

  /** Whether the processor was left while the run was live. */
  boolean endedByItself() {
    return hasReturned() && !endedByForce;
  }

  /** Whether the processor said, while the run was live, that all is done. */
  boolean saidDone() {
    return endedByItself() && saidDone;
  }

  /**
   * How it got free of what held it.
   *
   * @param forcedAt when by {@link System#nanoTime()} a limit ended it, if one did
   * @param later whether that was after the processor was left: in the step of its outcome
   */
  Freed freed(long forcedAt, boolean later) {
    if (!hasReturned()) {
      return Freed.ABANDONED;
    } else if (later) {
      return closing ? Freed.BY_CLOSE : Freed.BY_INTERRUPT;
    } else if (!endedByForce) {
      return Freed.BY_ITSELF;
    } else if (closing && returnedAt - closingAt >= 0) {
      return returnedAt - closingAt > FREED_WITHIN_NANOS ? Freed.LATE : Freed.BY_CLOSE;
    } else if (sawItsEnd) {
      return Freed.BY_CHECK;
    }
    return returnedAt - forcedAt > FREED_WITHIN_NANOS ? Freed.LATE : Freed.BY_INTERRUPT;
  }

  int registered() {
    return hooks.size();
  }

  int progressCalls() {
    return progress.get();
  }

  /** The thread that is inside a close now, if one is. */
  @Nullable Thread closer() {
    return hooks.stream().map(hook -> hook.closer).filter(t -> t != null).findFirst().orElse(null);
  }

  @Override
  public Duration timeRemaining() {
    return run.timeRemaining();
  }

  @Override
  public int attempt() {
    return run.attempt();
  }

  @Override
  public long fence() {
    return run.fence();
  }

  @Override
  public void progress() {
    progress.incrementAndGet();
    run.progress();
  }

  @Override
  public boolean isCancelled() {
    boolean cancelled = run.isCancelled();
    if (cancelled && Thread.currentThread() == thread) {
      sawItsEnd = true;
    }
    return cancelled;
  }

  @Override
  public void throwIfCancelled() {
    isCancelled();
    run.throwIfCancelled();
  }

  @Override
  public Registration onCancel(AutoCloseable closeable) {
    Hook hook = new Hook(closeable);
    hooks.add(hook);
    Registration registration = run.onCancel(hook::close);
    return () -> {
      // One that is at work stays: it is where that is seen.
      if (hook.closer == null) {
        hooks.remove(hook);
      }
      registration.close();
    };
  }

  private void leaveTheInterruptSomeTime() throws InterruptedException {
    if (firstHook.getAndSet(false)) {
      if (Thread.currentThread() != thread) {
        boolean unused = returned.await(BEFORE_CLOSING.toMillis(), TimeUnit.MILLISECONDS);
      }
      closingAt = System.nanoTime();
      closing = true;
    }
  }

  /** What the processor registered. */
  private final class Hook {

    private final AutoCloseable closeable;
    private volatile @Nullable Thread closer;

    Hook(AutoCloseable closeable) {
      this.closeable = closeable;
    }

    void close() throws Exception {
      try {
        leaveTheInterruptSomeTime();
      } finally {
        closer = Thread.currentThread();
        try {
          closeable.close();
        } finally {
          closer = null;
        }
      }
    }
  }
}
