package io.deriver.testkit.time;

import io.deriver.spi.PoolClock;
import io.deriver.spi.Signal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A pool's time that stands still until a test advances it. Threads that wait on it wake when the
 * time passes their moment or their signal is set, and never otherwise.
 *
 * <p>It is an {@link InstantSource} too, so that a pool and an {@code InMemoryWorkStore} can share
 * one clock; give each its own to test a pool whose time and whose store's time drift apart.
 *
 * <p>To step through what a pool does: {@link #awaitWaiting} until as many threads wait as the pool
 * has duties, {@link #advance}, and again. A thread whose moment has come or whose signal is set
 * counts as waiting no more from that very moment, though it has not run yet.
 *
 * <p>Thread-safe.
 */
public final class ManualPoolClock implements PoolClock, InstantSource {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Waiter> waiters = new HashSet<>();
  private final Instant origin;
  private long now;

  /** A clock that starts at the first moment of 2026, UTC. */
  public ManualPoolClock() {
    this(Instant.parse("2026-01-01T00:00:00Z"));
  }

  /** A clock that starts at this moment. */
  public ManualPoolClock(Instant origin) {
    this.origin = origin;
  }

  @Override
  public long nanoTime() {
    lock.lock();
    try {
      return now;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Instant instant() {
    return origin.plusNanos(nanoTime());
  }

  @Override
  public void await(Signal signal, long untilNanos) throws InterruptedException {
    Waiter waiter = new Waiter(signal, untilNanos);
    signal.watch(this::announce);
    lock.lockInterruptibly();
    try {
      waiters.add(waiter);
      changed.signalAll();
      while (waiter.waits(now)) {
        changed.await();
      }
      signal.take();
    } finally {
      waiters.remove(waiter);
      lock.unlock();
    }
  }

  /**
   * Moves the time forward and wakes all whose moment has come.
   *
   * @param by zero or more
   * @throws IllegalArgumentException if it is negative
   * @throws ArithmeticException if it is more nanoseconds than a {@code long} holds
   */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("by is %s; time only goes forward".formatted(by));
    }
    lock.lock();
    try {
      now = Math.addExact(now, by.toNanos());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many threads wait for a moment that has not come and a signal that is not set. */
  public int waiting() {
    lock.lock();
    try {
      return waitingNow();
    } finally {
      lock.unlock();
    }
  }

  /** How long until the first waiting thread's moment; empty while none waits. */
  public Optional<Duration> untilNextWake() {
    lock.lock();
    try {
      return waiters.stream()
          .filter(waiter -> waiter.waits(now))
          .map(waiter -> Duration.ofNanos(waiter.untilNanos() - now))
          .min(Duration::compareTo);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns as soon as at least so many threads wait.
   *
   * @param within for how long, in real time, to wait for that
   * @throws IllegalStateException if they do not; the message says how many did
   * @throws InterruptedException if the calling thread is interrupted
   */
  public void awaitWaiting(int threads, Duration within) throws InterruptedException {
    long left = within.toNanos();
    lock.lockInterruptibly();
    try {
      while (waitingNow() < threads) {
        if (left <= 0) {
          throw new IllegalStateException(
              "%d threads wait on the clock after %s; %d were expected"
                  .formatted(waitingNow(), within, threads));
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** {@link #awaitWaiting(int, Duration)} for at most ten seconds. */
  public void awaitWaiting(int threads) throws InterruptedException {
    awaitWaiting(threads, Duration.ofSeconds(10));
  }

  private void announce() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private int waitingNow() {
    return (int) waiters.stream().filter(waiter -> waiter.waits(now)).count();
  }

  /** One thread in {@link #await}; an identity, since two may wait for the same. */
  private static final class Waiter {
    private final Signal signal;
    private final long untilNanos;

    Waiter(Signal signal, long untilNanos) {
      this.signal = signal;
      this.untilNanos = untilNanos;
    }

    boolean waits(long now) {
      return !signal.isSet() && untilNanos - now > 0;
    }

    long untilNanos() {
      return untilNanos;
    }
  }
}
