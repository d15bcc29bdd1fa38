package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.ClaimId;
import io.deriver.spi.NodeStore;
import io.deriver.spi.PoolClock;
import io.deriver.spi.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Renews the node's lease while it holds claims, or may hold some that it does not know. Ends the
 * runs whose claims the store no longer holds for it, and those that an operator wants ended; gives
 * back the claims that the store holds and nobody here works: the answer that brought them was
 * lost. An idle node writes nothing: one that holds no claims and has made none since the last
 * pass.
 */
final class LeaseKeeper implements Duty.Pass {

  private final NodeStore store;
  private final Runs runs;
  private final Outcomes outcomes;
  private final ClaimedAhead ahead;
  private final ClaimCalls calls;
  private final LeaseProof lease;
  private final Duration interval;
  private final PoolClock clock;
  private final Events events;
  private final Runnable workMayFollow;
  private Set<Long> unknownBefore = Set.of();
  private long callsBefore;
  private long broughtBefore;

  LeaseKeeper(
      NodeStore store,
      Runs runs,
      Outcomes outcomes,
      ClaimedAhead ahead,
      ClaimCalls calls,
      LeaseProof lease,
      Duration interval,
      PoolClock clock,
      Events events,
      Runnable workMayFollow) {
    this.store = store;
    this.runs = runs;
    this.outcomes = outcomes;
    this.ahead = ahead;
    this.calls = calls;
    this.lease = lease;
    this.interval = interval;
    this.clock = clock;
    this.events = events;
    this.workMayFollow = workMayFollow;
  }

  @Override
  public Duration run() {
    // Claims that came and went meanwhile count: the next ones rely on a renewal as recent as this.
    long brought = calls.brought();
    if (holdsNothing() && brought == broughtBefore && !calls.inDoubt()) {
      return interval;
    }
    broughtBefore = brought;
    long began = clock.nanoTime();
    List<Long> aheadBefore = ahead.fences();
    List<Run> before = new ArrayList<>(runs.live());
    Renewal renewal = store.renew();
    lease.provenAt(began);
    int lost = 0;
    for (Run run : before) {
      // Only runs that were live before the call began: the answer cannot know of later claims.
      if (!renewal.held().contains(run.fence())
          && runs.end(run, new RunEnd.Stopped(RunEnd.Reason.LEASE_LOST))) {
        lost++;
      } else if (renewal.cancelled().contains(run.fence())) {
        boolean unused = runs.end(run, new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
      }
    }
    for (long fence : aheadBefore) {
      if (!renewal.held().contains(fence)) {
        lost += ahead.giveBack(fence, RunEnd.Reason.LEASE_LOST) ? 1 : 0;
      } else if (renewal.cancelled().contains(fence)) {
        boolean unused = ahead.giveBack(fence, RunEnd.Reason.CANCELLED);
      }
    }
    if (lost > 0) {
      events.publish(
          new PoolEvent.LeaseLost("the store no longer holds their claims for this node", lost));
    }
    // Asked before: a call that ends in between has its claims in the registries by then.
    long ended = calls.ended();
    giveBackStrays(unknown(renewal.held()), ended);
    return interval;
  }

  // In this order, in which a claim goes through them: it is in the next before it leaves one.
  private boolean holdsNothing() {
    return ahead.isEmpty() && runs.size() == 0 && outcomes.unwritten() == 0;
  }

  private Set<Long> unknown(Set<Long> held) {
    Set<Long> unknown = new HashSet<>(held);
    // In the same order.
    ahead.fences().forEach(unknown::remove);
    runs.live().forEach(run -> unknown.remove(run.fence()));
    outcomes.owed().forEach(run -> unknown.remove(run.fence()));
    return unknown;
  }

  /**
   * A claim that was unknown at two renewals is nobody's, once the call that may have brought it is
   * over. One whose guard has passed is the reaper's: its run may have been and gone.
   */
  private void giveBackStrays(Set<Long> unknown, long ended) {
    Set<Long> strays = new HashSet<>(unknown);
    strays.retainAll(unknownBefore);
    boolean settled = ended >= callsBefore;
    unknownBefore = unknown;
    callsBefore = calls.begun();
    if (strays.isEmpty() || !settled) {
      return;
    }
    for (ClaimId claim : store.giveBack(strays)) {
      events.publish(new PoolEvent.ClaimReaped(claim, "the answer to its claim was lost", false));
    }
    workMayFollow.run();
  }
}
