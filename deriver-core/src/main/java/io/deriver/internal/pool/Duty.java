package io.deriver.internal.pool;

import io.deriver.Backoff;
import io.deriver.PoolEvent;
import io.deriver.spi.PoolClock;
import io.deriver.spi.Signal;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One duty of the pool on one thread: a pass, a rest, a pass. The loop survives every Throwable; a
 * pass that failed is tried again after a backoff with jitter.
 */
final class Duty {

  /** One pass; answers how long to rest before the next. */
  @FunctionalInterface
  interface Pass {
    Duration run() throws Exception;

    /** Whether the pass that just ended well shows that what failed before works again. */
    default boolean showsRecovery() {
      return true;
    }
  }

  /** Rest until woken. Not for ever: a wake-up that got lost costs a second and not the pool. */
  static final Duration UNTIL_WOKEN = Duration.ofSeconds(1);

  private static final Duration AFTER_A_BROKEN_CLOCK = Duration.ofMillis(10);
  private static final Duration AFTER_A_BROKEN_REPORT = Duration.ofSeconds(1);

  private final String name;
  private final PoolClock clock;
  private final Events events;
  private final Backoff retry;
  private final Pass pass;
  private final Signal signal = new Signal();
  private final Thread thread;
  private final Duration stuckAfter;
  private volatile boolean stopping;
  private volatile boolean inPass;
  private volatile long passBegan;
  private volatile long lastTick;
  private volatile int failures;
  private volatile @Nullable String lastError;

  /**
   * @param stuckAfter how long no sound pass takes
   */
  Duty(
      String pool,
      String name,
      PoolClock clock,
      Events events,
      Backoff retry,
      Duration stuckAfter,
      Pass pass) {
    this.name = name;
    this.stuckAfter = stuckAfter;
    this.clock = clock;
    this.events = events;
    this.retry = retry;
    this.pass = pass;
    this.thread = Threads.daemon("deriver-" + pool + "-" + name, this::loop);
    this.lastTick = clock.nanoTime();
  }

  void start() {
    thread.start();
  }

  /** Ends the current rest, or spares the next one. Never blocks. */
  void wake() {
    signal.set();
  }

  /** Asks the loop to end after the current pass. */
  void stop() {
    stopping = true;
    signal.set();
  }

  /**
   * Waits for the loop's end in real time.
   *
   * @return whether it has ended
   */
  boolean join(Duration limit) throws InterruptedException {
    if (thread != Thread.currentThread()) {
      thread.join(Math.max(1, limit.toMillis()));
    }
    return !thread.isAlive();
  }

  String name() {
    return name;
  }

  Thread thread() {
    return thread;
  }

  /** How long ago a pass last ended, well or badly. */
  Duration sinceTick() {
    return Duration.ofNanos(clock.nanoTime() - lastTick);
  }

  /** How long the present pass has been going on; zero while the duty rests. */
  Duration passing() {
    // In this order, so that a rest that begins or ends meanwhile never counts.
    long now = clock.nanoTime();
    boolean passes = inPass;
    long began = passBegan;
    return passes ? Duration.ofNanos(Math.max(0, now - began)) : Duration.ZERO;
  }

  /** Whether the present pass takes longer than any sound one does. */
  boolean isStuck() {
    return passing().compareTo(stuckAfter) > 0;
  }

  /** How many passes in a row have failed. */
  int failures() {
    return failures;
  }

  @Nullable String lastError() {
    return lastError;
  }

  private void loop() {
    Duration rest = Duration.ZERO;
    while (!stopping) {
      if (!rest.isZero()) {
        rest(rest);
      }
      if (!stopping) {
        rest = once();
      }
    }
  }

  private void rest(Duration rest) {
    try {
      clock.await(signal, clock.nanoTime() + rest.toNanos());
    } catch (InterruptedException stray) {
      // Nobody of ours interrupts a duty; a stray interrupt must not end it.
    } catch (Throwable broken) {
      // A clock that fails must not turn the loop into a spin.
      LockSupport.parkNanos(AFTER_A_BROKEN_CLOCK.toNanos());
    }
  }

  /** One guarded pass; for the loop and for tests that own the time. */
  Duration once() {
    try {
      Duration rest = tick();
      if (failures > 0 && pass.showsRecovery()) {
        events.publish(new PoolEvent.DutyRecovered(name, failures));
        failures = 0;
        lastError = null;
      }
      return rest;
    } catch (Throwable error) {
      return failed(error);
    }
  }

  private Duration tick() throws Exception {
    passBegan = clock.nanoTime();
    inPass = true;
    try {
      return pass.run();
    } finally {
      inPass = false;
      lastTick = clock.nanoTime();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only this duty's own thread writes it
  private Duration failed(Throwable error) {
    try {
      if (stopping) {
        return Duration.ZERO;
      }
      failures++;
      lastError = ErrorText.brief(error);
      Duration delay = retry.after(failures, ThreadLocalRandom.current());
      events.publish(new PoolEvent.DutyFailed(name, ErrorText.brief(error), failures, delay));
      return delay;
    } catch (Throwable worse) {
      return AFTER_A_BROKEN_REPORT;
    }
  }
}
