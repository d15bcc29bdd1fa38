package io.deriver.internal.pool;

import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What others may know of the dispatcher's calls to the store: how many have begun and how many
 * have ended, each with all its claims in the registry of runs, how many brought any, and whether
 * one has failed of late, so that the store may hold claims for this node that it knows nothing of.
 */
final class ClaimCalls {

  private final Duration doubtFor;
  private final PoolClock clock;
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong brought = new AtomicLong();
  private volatile long doubtUntil;

  /**
   * @param doubtFor how long after a call that failed its claims are looked for
   */
  ClaimCalls(Duration doubtFor, PoolClock clock) {
    this.doubtFor = doubtFor;
    this.clock = clock;
    this.doubtUntil = clock.nanoTime();
  }

  void begin() {
    begun.incrementAndGet();
  }

  /** The call is over, and every claim that it brought is in the registry or given back. */
  void end() {
    ended.incrementAndGet();
  }

  /** The call under way has brought claims. */
  void broughtSome() {
    brought.incrementAndGet();
  }

  /** The call under way failed: it may have claimed nevertheless. */
  void failed() {
    doubtUntil = clock.nanoTime() + doubtFor.toNanos();
  }

  long begun() {
    return begun.get();
  }

  long ended() {
    return ended.get();
  }

  long brought() {
    return brought.get();
  }

  boolean underWay() {
    return ended.get() < begun.get();
  }

  boolean inDoubt() {
    return clock.nanoTime() - doubtUntil < 0;
  }
}
