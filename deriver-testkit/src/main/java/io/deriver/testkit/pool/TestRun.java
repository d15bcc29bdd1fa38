package io.deriver.testkit.pool;

import io.deriver.RunCancelledException;
import io.deriver.RunContext;
import io.deriver.internal.Checks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run for unit tests of a processor, without any pool: the test says which attempt it is and how
 * much time remains, ends it, and sees what the processor did with it.
 *
 * <pre>{@code
 * TestRun run = new TestRun().attempt(2).timeRemaining(Duration.ofSeconds(5));
 * Outcome outcome = processor.process(TestUnits.of(SUMMARY, "conversation:1", "hello"), run);
 * assertThat(outcome).isEqualTo(Outcome.done());
 * assertThat(run.registered()).isZero();   // what it registered, it took back
 * }</pre>
 *
 * <p>What holds: {@link #cancel()} does to what was registered what a pool does: each is closed
 * once, newest first, whatever the others throw; what is registered later is closed at once. What
 * does not: no thread is interrupted, and no time passes but by {@link #elapse}; for both use a
 * {@link PoolTester}.
 *
 * <p>Thread-safe.
 */
public final class TestRun implements RunContext {

  private static final Duration MAX = Duration.ofDays(1);

  private final Deque<Hook> hooks = new ArrayDeque<>();
  private final List<Duration> progress = new ArrayList<>();
  private Duration elapsed = Duration.ZERO;
  private Duration remaining = Duration.ofMinutes(10);
  private int attempt = 1;
  private long fence = 1;
  private boolean cancelled;

  /** A first attempt with fence 1 and ten minutes left. */
  public TestRun() {}

  /**
   * Which attempt it is.
   *
   * @param attempt 1 to 100
   */
  public synchronized TestRun attempt(int attempt) {
    this.attempt = Checks.between("attempt", attempt, 1, 100);
    return this;
  }

  /**
   * Its fence.
   *
   * @param fence 1 or more, as every store gives them
   */
  public synchronized TestRun fence(long fence) {
    Checks.rule(fence >= 1, "fence is %d; it must be at least 1", fence);
    this.fence = fence;
    return this;
  }

  /**
   * How much time remains from now on.
   *
   * @param remaining zero to 1 day
   */
  public synchronized TestRun timeRemaining(Duration remaining) {
    this.remaining = Checks.between("remaining", remaining, Duration.ZERO, MAX);
    return this;
  }

  /**
   * Lets this time pass; when none remains, the run is cancelled, as by its timeout.
   *
   * @param time zero to 1 day
   */
  public void elapse(Duration time) {
    boolean over;
    synchronized (this) {
      elapsed = elapsed.plus(Checks.between("time", time, Duration.ZERO, MAX));
      remaining = remaining.compareTo(time) > 0 ? remaining.minus(time) : Duration.ZERO;
      over = remaining.isZero();
    }
    if (over) {
      cancel();
    }
  }

  /** Ends it from outside and closes what is registered, on this thread. Can be repeated. */
  public void cancel() {
    for (Hook hook; (hook = next()) != null; ) {
      hook.close();
    }
  }

  private synchronized @Nullable Hook next() {
    cancelled = true;
    return hooks.poll();
  }

  /** When {@link #progress()} was called, by the time that elapsed; in order. */
  public synchronized List<Duration> progressedAt() {
    return List.copyOf(progress);
  }

  /** How many closeables are registered now and not closed. */
  public synchronized int registered() {
    return hooks.size();
  }

  @Override
  public synchronized Duration timeRemaining() {
    return cancelled ? Duration.ZERO : remaining;
  }

  @Override
  public synchronized int attempt() {
    return attempt;
  }

  @Override
  public synchronized long fence() {
    return fence;
  }

  @Override
  public synchronized void progress() {
    progress.add(elapsed);
  }

  @Override
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  @Override
  public synchronized void throwIfCancelled() {
    if (cancelled) {
      throw new RunCancelledException("The test has cancelled this run; it must stop");
    }
  }

  @Override
  public Registration onCancel(AutoCloseable closeable) {
    Hook hook = new Hook(closeable);
    synchronized (this) {
      if (!cancelled) {
        hooks.push(hook);
        return () -> takeBack(hook);
      }
    }
    hook.close();
    return () -> {};
  }

  private synchronized void takeBack(Hook hook) {
    hooks.remove(hook);
  }

  /** Wraps the closeable, so that registrations are told apart by identity. */
  private static final class Hook {
    private final AutoCloseable closeable;

    Hook(AutoCloseable closeable) {
      this.closeable = closeable;
    }

    void close() {
      try {
        closeable.close();
      } catch (Throwable error) {
        // As a pool does: what one throws must not keep the next from being closed.
      }
    }
  }
}
