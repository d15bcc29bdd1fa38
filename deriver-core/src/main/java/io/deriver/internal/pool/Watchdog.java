package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.PoolClock;
import java.time.Duration;

/**
 * Ends runs that are over a limit, and all of them when the node can no longer be sure of its
 * lease. Runs no host code, does no I/O, and takes no lock that host code can hold; so nothing that
 * a processor, a client or a log appender does can delay it.
 */
final class Watchdog implements Duty.Pass {

  /** A slot comes back within its limit and this, plus what the JVM could not run at all. */
  static final Duration TICK = Duration.ofMillis(50);

  private final Runs runs;
  private final Outcomes outcomes;
  private final LeaseProof lease;
  private final PoolClock clock;
  private final Events events;

  Watchdog(Runs runs, Outcomes outcomes, LeaseProof lease, PoolClock clock, Events events) {
    this.runs = runs;
    this.outcomes = outcomes;
    this.lease = lease;
    this.clock = clock;
    this.events = events;
  }

  @Override
  public Duration run() {
    int lost = 0;
    for (Run run : runs.live()) {
      if (run.end() != null) {
        runs.settle(run);
        continue;
      }
      RunEnd.TimedOut over = run.over(clock.nanoTime());
      if (over != null) {
        runs.end(run, over);
      } else if (lease.expired() && runs.end(run, new RunEnd.Stopped(RunEnd.Reason.LEASE_LOST))) {
        lost++;
      }
    }
    if (lost > 0) {
      events.publish(new PoolEvent.LeaseLost("it could not be renewed for " + lease.age(), lost));
    }
    outcomes.stopHoldingUntil(clock.nanoTime());
    outcomes.forgetTheLost(clock.nanoTime());
    return TICK;
  }
}
