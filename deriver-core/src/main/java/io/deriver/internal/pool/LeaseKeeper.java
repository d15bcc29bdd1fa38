package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.NodeStore;
import io.deriver.spi.PoolClock;
import io.deriver.spi.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Renews the node's lease while it holds claims, and ends the runs whose claims the store no longer
 * holds for it. An idle node writes nothing.
 */
final class LeaseKeeper implements Duty.Pass {

  private final NodeStore store;
  private final Runs runs;
  private final Outcomes outcomes;
  private final LeaseProof lease;
  private final Duration interval;
  private final PoolClock clock;
  private final Events events;

  LeaseKeeper(
      NodeStore store,
      Runs runs,
      Outcomes outcomes,
      LeaseProof lease,
      Duration interval,
      PoolClock clock,
      Events events) {
    this.store = store;
    this.runs = runs;
    this.outcomes = outcomes;
    this.lease = lease;
    this.interval = interval;
    this.clock = clock;
    this.events = events;
  }

  @Override
  public Duration run() {
    if (runs.size() == 0 && outcomes.unwritten() == 0) {
      return interval;
    }
    long began = clock.nanoTime();
    List<Run> before = new ArrayList<>(runs.live());
    Renewal renewal = store.renew();
    lease.provenAt(began);
    int lost = 0;
    for (Run run : before) {
      // Only runs that were live before the call began: the answer cannot know of later claims.
      if (!renewal.held().contains(run.fence())
          && runs.end(run, new RunEnd.Stopped(RunEnd.Reason.LEASE_LOST))) {
        lost++;
      }
    }
    if (lost > 0) {
      events.publish(
          new PoolEvent.LeaseLost("the store no longer holds their claims for this node", lost));
    }
    return interval;
  }
}
