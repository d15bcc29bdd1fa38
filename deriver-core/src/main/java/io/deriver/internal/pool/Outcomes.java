package io.deriver.internal.pool;

import io.deriver.spi.Claim.Standing;
import io.deriver.spi.OutcomeWrite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the pool owes the store: every run that has ended, until its outcome is written, refused or
 * given up. The key stays claimed as long, so order and exclusion hold though the slot is free.
 */
final class Outcomes {

  private final Map<Long, Run> owed = new ConcurrentSkipListMap<>();
  private final Queue<PendingWrite> ready = new ConcurrentLinkedQueue<>();
  private final Map<Long, HeldEnding> held = new ConcurrentSkipListMap<>();
  private final Duration completionGrace;
  private final Runnable wakeWriter;

  Outcomes(Duration completionGrace, Runnable wakeWriter) {
    this.completionGrace = completionGrace;
    this.wakeWriter = wakeWriter;
  }

  /** From now on the run's outcome is owed. Can be repeated. */
  void owe(Run run) {
    owed.putIfAbsent(run.fence(), run);
    if (run.isPaid()) {
      owed.remove(run.fence());
    }
  }

  /** The run's outcome is known and can be written. */
  void submit(Run run, Ending ending) {
    submit(run, ending, false);
  }

  /** As {@link #submit(Run, Ending)}, after a write whose answer was lost. */
  void submitInDoubt(Run run, Ending ending) {
    submit(run, ending, true);
  }

  private void submit(Run run, Ending ending, boolean inDoubt) {
    ready.add(
        new PendingWrite(
            new OutcomeWrite(run.id(), ending.claimEnd()), ending, lateAfter(run), inDoubt));
    wakeWriter.run();
  }

  private long lateAfter(Run run) {
    return run.deadline()
        + completionGrace.toNanos()
        + run.served().limits().zombiePolicy().holdFor().toNanos();
  }

  /**
   * Stops counting runs whose claim the reaper has by now and whose outcome got lost on its way to
   * the writer, for want of memory say: they must not hold up the pool for ever.
   */
  void forgetTheLost(long now) {
    owed.values().removeIf(run -> now - lateAfter(run) > completionGrace.toNanos());
  }

  /** Keeps the key claimed until the run's thread returns or this time has come. */
  void hold(Run run, Ending ending, long until) {
    held.put(run.fence(), new HeldEnding(run, ending, until, new AtomicBoolean()));
    if (run.hasReturned()) {
      stopHolding(run);
    }
  }

  /** The run's thread has returned: if its key was held for that, it need not be any more. */
  void stopHolding(Run run) {
    // It is held as long as it is not submitted, whatever fails, and submitted once.
    HeldEnding ending = held.get(run.fence());
    if (ending == null || !ending.taken.compareAndSet(false, true)) {
      return;
    }
    try {
      submit(ending.run, ending.ending);
    } catch (Throwable failure) {
      ending.taken.set(false);
      throw failure;
    }
    held.remove(run.fence(), ending);
  }

  /** Lets go of the keys that were held as long as the policy says. */
  void stopHoldingUntil(long now) {
    for (HeldEnding ending : held.values()) {
      if (now - ending.until >= 0) {
        stopHolding(ending.run);
      }
    }
  }

  /** Lets go of all keys that are held. */
  void stopHoldingAll() {
    held.values().forEach(ending -> stopHolding(ending.run));
  }

  /** How many writes are ready. */
  int ready() {
    return ready.size();
  }

  /** Takes up to so many writes that are ready. */
  List<PendingWrite> take(int max) {
    List<PendingWrite> batch = new ArrayList<>();
    for (PendingWrite next; batch.size() < max && (next = ready.poll()) != null; ) {
      batch.add(next);
    }
    return batch;
  }

  /** The outcome is written, refused or given up: nothing is owed any more. */
  void paid(long fence) {
    Run run = owed.get(fence);
    if (run != null) {
      run.markPaid();
      owed.remove(fence);
    }
  }

  int unwritten() {
    return owed.size();
  }

  /** Those that wait for the store, without those whose key is held on purpose. */
  int waiting() {
    return Math.max(0, owed.size() - held.size());
  }

  /** Those of keys that stand so. */
  int waiting(Standing standing) {
    int waiting = 0;
    for (Run run : owed.values()) {
      if (run.claim().standing() == standing && !held.containsKey(run.fence())) {
        waiting++;
      }
    }
    return waiting;
  }

  /** The runs that have ended and whose outcome the store has not answered for. */
  Collection<Run> owed() {
    return owed.values();
  }

  private record HeldEnding(Run run, Ending ending, long until, AtomicBoolean taken) {}
}
