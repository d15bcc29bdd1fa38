package io.deriver.quickstart.acts;

import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import io.deriver.quickstart.report.Spread;
import io.deriver.spi.ClaimId;
import java.util.HashSet;
import java.util.Set;

/** Keeps count of what a pool tells. Thread-safe. */
final class RunLedger implements PoolListener {

  private final Set<String> healthyWaiting;
  private final SlotLedger slots;
  private final Set<Long> timedOut = new HashSet<>();
  private final Set<Long> cameBack = new HashSet<>();
  private final Set<Long> liveRetries = new HashSet<>();
  private int mostRetries;
  private int summarized;
  private int deadLettered;

  /**
   * A ledger that knows nothing yet.
   *
   * @param healthy the keys that are to be worked without a hang
   */
  RunLedger(int slots, Set<String> healthy) {
    this.slots = new SlotLedger(slots);
    this.healthyWaiting = new HashSet<>(healthy);
  }

  @Override
  public synchronized void onEvent(PoolEvent event) {
    long now = System.nanoTime();
    if (event instanceof PoolEvent.RunStarted e) {
      started(e, now);
    } else if (event instanceof PoolEvent.RunTimedOut e) {
      timedOut.add(e.claim().fence());
      liveRetries.remove(e.claim().fence());
      slots.timedOut(now, !healthyWaiting.isEmpty());
    } else if (event instanceof PoolEvent.LateReturn e) {
      cameBack.add(e.claim().fence());
    } else if (event instanceof PoolEvent.RunCancelled) {
      slots.ended(now);
    } else if (event instanceof PoolEvent.UnitCompleted e) {
      summarized += e.items();
      ended(e.claim(), now);
    } else if (event instanceof PoolEvent.UnitRetried e) {
      ended(e.claim(), now);
    } else if (event instanceof PoolEvent.UnitDeadLettered e) {
      deadLettered += e.items();
      ended(e.claim(), now);
    }
  }

  private void started(PoolEvent.RunStarted event, long now) {
    slots.used(now);
    healthyWaiting.remove(event.claim().key());
    if (event.attempt() > 1) {
      liveRetries.add(event.claim().fence());
      if (!healthyWaiting.isEmpty()) {
        mostRetries = Math.max(mostRetries, liveRetries.size());
      }
    }
  }

  /** The slot of a run that timed out came back then, not now. */
  private void ended(ClaimId claim, long now) {
    liveRetries.remove(claim.fence());
    if (!timedOut.contains(claim.fence())) {
      slots.ended(now);
    }
  }

  /** Messages that ended for good. */
  synchronized int ended() {
    return summarized + deadLettered;
  }

  /** Messages that are in a summary. */
  synchronized int summarized() {
    return summarized;
  }

  /** Messages that were set aside. */
  synchronized int deadLettered() {
    return deadLettered;
  }

  synchronized int timeouts() {
    return timedOut.size();
  }

  /** Threads of runs that timed out and have not returned. */
  synchronized int abandoned() {
    return (int) timedOut.stream().filter(fence -> !cameBack.contains(fence)).count();
  }

  /** How many slots second and third attempts held at the same time while healthy keys waited. */
  synchronized int mostRetriesWhileHealthyWaited() {
    return mostRetries;
  }

  /** From each timeout while healthy keys waited to the slot's next use. */
  synchronized Spread reuse() {
    return slots.reuse();
  }
}
