package io.deriver.internal.pool;

import io.deriver.spi.PoolClock;
import java.time.Duration;

/**
 * Until when the node can be sure of its lease: counted from the beginning of the last call that is
 * known to have renewed it, so that no delay on the way back can make it look longer.
 */
final class LeaseProof {

  private final long leaseNanos;
  private final PoolClock clock;
  private volatile long proven;

  LeaseProof(Duration lease, PoolClock clock) {
    this.leaseNanos = lease.toNanos();
    this.clock = clock;
    this.proven = clock.nanoTime();
  }

  /** A call that began then has renewed the lease. */
  synchronized void provenAt(long began) {
    if (began - proven > 0) {
      proven = began;
    }
  }

  boolean expired() {
    return clock.nanoTime() - proven >= leaseNanos;
  }

  Duration age() {
    return Duration.ofNanos(clock.nanoTime() - proven);
  }
}
