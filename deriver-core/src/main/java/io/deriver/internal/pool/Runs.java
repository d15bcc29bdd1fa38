package io.deriver.internal.pool;

import io.deriver.spi.Claim.Standing;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The registry of live runs, from which capacity is derived: a slot is in use while its run is in
 * here, and no count is kept on the side. A map without locks, as all that runs and duties share: a
 * virtual thread that is next in line for a lock but gets no carrier, since others spin on all of
 * them, stops whoever waits behind it.
 */
final class Runs {

  private final Map<Long, Run> live = new ConcurrentSkipListMap<>();
  // Places of its own: fences can come twice, after a failover that lost values of their sequence.
  private final AtomicLong places = new AtomicLong();
  private final LongAdder endings = new LongAdder();
  private final Outcomes outcomes;
  private final AbandonedRuns abandoned;
  private final Consumer<Run> cancel;
  private final Runnable slotFreed;

  /**
   * @param cancel takes a run that was ended by force; must not block
   * @param slotFreed called after a slot came back, or was handed on to one of the last that wait
   *     for one; must not block
   */
  Runs(Outcomes outcomes, AbandonedRuns abandoned, Consumer<Run> cancel, Runnable slotFreed) {
    this.outcomes = outcomes;
    this.abandoned = abandoned;
    this.cancel = cancel;
    this.slotFreed = slotFreed;
  }

  void add(Run run) {
    run.holdSlot(places.incrementAndGet());
    live.put(run.slot(), run);
  }

  /**
   * Ends a run, if nobody has: the winner's slot comes back here, and an outcome is owed from now.
   *
   * @return whether this call was the one that ended it
   */
  boolean end(Run run, RunEnd how) {
    if (!run.decide(how)) {
      return false;
    }
    settle(run);
    return true;
  }

  /**
   * Ends a run by what its own code came to, on its own thread. A claim that waits for a slot has
   * this one at once, so that nobody else finds it free; the thread is to work it next.
   *
   * @return whether this call was the one that ended it
   */
  boolean endWithHeir(Run run, ClaimedAhead ahead) {
    if (!run.decide(new RunEnd.ByItself())) {
      return false;
    }
    outcomes.owe(run);
    if (!hasHeir(run, ahead)) {
      settle(run);
      if (!ahead.isEmpty()) {
        // The dispatcher may have looked while the claim was tried here, and have found it taken.
        slotFreed.run();
      }
      return true;
    }
    endings.increment();
    if (ahead.isLow()) {
      slotFreed.run();
    }
    return true;
  }

  private boolean hasHeir(Run run, ClaimedAhead ahead) {
    try {
      return ahead.next(heir -> replaced(run, heir)) != null;
    } catch (Throwable noMemory) {
      // What this run came to must not be lost with that. The dispatcher meets it, too, and tells.
      return run.heir() != null;
    }
  }

  private boolean replaced(Run run, Run heir) {
    heir.holdSlot(run.slot());
    boolean replaced = live.replace(run.slot(), run, heir);
    if (replaced) {
      run.leaveSlotTo(heir);
    }
    return replaced;
  }

  /**
   * Takes a decided run out of its slot. Can be repeated: a step that failed for want of memory is
   * done again by the watchdog, so that no slot is lost to it. The slot goes last.
   */
  void settle(Run run) {
    outcomes.owe(run);
    if (run.isCancelled()) {
      abandoned.add(run);
      cancel.accept(run);
    }
    if (live.remove(run.slot(), run)) {
      endings.increment();
      slotFreed.run();
    }
  }

  Collection<Run> live() {
    return live.values();
  }

  int size() {
    return live.size();
  }

  /** How many live runs are of keys that stand so. */
  int count(Standing standing) {
    int count = 0;
    for (Run run : live.values()) {
      if (run.claim().standing() == standing) {
        count++;
      }
    }
    return count;
  }

  /** How many live runs are of this type. */
  int count(String type) {
    int count = 0;
    for (Run run : live.values()) {
      if (run.id().type().equals(type)) {
        count++;
      }
    }
    return count;
  }

  /** How many live runs are of this type and not let in by its gate yet. */
  int countBeforeGate(String type) {
    int count = 0;
    for (Run run : live.values()) {
      if (run.id().type().equals(type) && run.gatePass() == null) {
        count++;
      }
    }
    return count;
  }

  /** How many runs have ended since the start; a change shows that work goes on. */
  long endings() {
    return endings.sum();
  }
}
