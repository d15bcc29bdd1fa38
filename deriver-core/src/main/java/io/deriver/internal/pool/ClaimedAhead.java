package io.deriver.internal.pool;

import io.deriver.spi.Claim;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Claims that were made ahead of free slots. Each becomes a run as soon as a slot is free, or goes
 * back: if none is in time, or if nothing of its type is to start any more. No limit of a run
 * counts meanwhile. Thread-safe, without locks: whoever takes a claim first has it.
 */
final class ClaimedAhead {

  private final Map<Long, Waiting> waiting = new ConcurrentSkipListMap<>();
  private final int most;
  private final Duration keep;
  private final PoolClock clock;
  private final Predicate<String> mayStart;
  private final BiConsumer<Run, RunEnd.Reason> giveBack;

  /**
   * @param most how many may wait
   * @param keep how long one waits at most, from the beginning of the call that claimed it
   * @param mayStart whether units of a type may start now
   * @param giveBack takes a run that will not begin, to have its claim go back
   */
  ClaimedAhead(
      int most,
      Duration keep,
      PoolClock clock,
      Predicate<String> mayStart,
      BiConsumer<Run, RunEnd.Reason> giveBack) {
    this.most = most;
    this.keep = keep;
    this.clock = clock;
    this.mayStart = mayStart;
    this.giveBack = giveBack;
  }

  /**
   * How many more may come: none before half of them are gone, so that many are asked for at once,
   * and none unless units of all these types may start.
   */
  int room(Collection<String> types) {
    return isLow() && types.stream().allMatch(mayStart) ? most - waiting.size() : 0;
  }

  /** Whether half of those that may wait are gone. */
  boolean isLow() {
    return most > 0 && waiting.size() <= most / 2;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int count() {
    return waiting.size();
  }

  /** How many are of this type. */
  int count(String type) {
    int count = 0;
    for (Waiting one : waiting.values()) {
      if (one.claim.id().type().equals(type)) {
        count++;
      }
    }
    return count;
  }

  /**
   * Has a claim wait for a slot.
   *
   * @param claimedAt when the call that brought it began, at the earliest
   */
  void add(Claim claim, Served<?> served, long claimedAt) {
    waiting.put(claim.id().fence(), new Waiting(claim, served, claimedAt, new AtomicBoolean()));
  }

  /**
   * Makes a run of the next claim that may start.
   *
   * @param slot takes the run in, into the registry that holds the slots; or says no
   * @return the run that was taken in; null if there is none
   */
  @Nullable Run next(Predicate<Run> slot) {
    for (Waiting one : waiting.values()) {
      if (isWanted(one) && one.taken.compareAndSet(false, true)) {
        return start(one, slot);
      }
    }
    return null;
  }

  private @Nullable Run start(Waiting one, Predicate<Run> slot) {
    boolean in = false;
    try {
      Run run = new Run(one.claim, one.served, clock);
      in = slot.test(run);
      return in ? run : null;
    } finally {
      // It leaves this registry once it is in the other one: else it would look like a stray.
      if (in) {
        waiting.remove(one.fence());
      } else {
        one.taken.set(false);
      }
    }
  }

  private boolean isWanted(Waiting one) {
    return age(one) < keep.toNanos() && mayStart.test(one.claim.id().type());
  }

  private long age(Waiting one) {
    return clock.nanoTime() - one.claimedAt;
  }

  /** The fences of those that wait. */
  List<Long> fences() {
    return new ArrayList<>(waiting.keySet());
  }

  /** Gives those back that are not to start any more. */
  void giveBackUnwanted() {
    for (Waiting one : waiting.values()) {
      if (!isWanted(one)) {
        giveBack(one, RunEnd.Reason.NO_SLOT);
      }
    }
  }

  /** Gives all back. */
  void giveBackAll(RunEnd.Reason reason) {
    for (Waiting one : waiting.values()) {
      giveBack(one, reason);
    }
  }

  /** Gives this one back; says whether it was still waiting. */
  boolean giveBack(long fence, RunEnd.Reason reason) {
    Waiting one = waiting.get(fence);
    return one != null && giveBack(one, reason);
  }

  /** Gives the claim of a key back; says whether one was waiting. */
  boolean giveBack(String type, String key, RunEnd.Reason reason) {
    for (Waiting one : waiting.values()) {
      if (one.claim.id().type().equals(type) && one.claim.id().key().equals(key)) {
        return giveBack(one, reason);
      }
    }
    return false;
  }

  private boolean giveBack(Waiting one, RunEnd.Reason reason) {
    if (!one.taken.compareAndSet(false, true)) {
      return false;
    }
    try {
      giveBack.accept(new Run(one.claim, one.served, clock), reason);
    } finally {
      // If that failed, the lease keeper finds the claim: nobody works it.
      waiting.remove(one.fence());
    }
    return true;
  }

  /** So long, or until the first has waited as long as it may if that comes first. */
  Duration untilTooLate(Duration rest) {
    long shortest = rest.toNanos();
    for (Waiting one : waiting.values()) {
      shortest = Math.min(shortest, Math.max(0, keep.toNanos() - age(one)));
    }
    return Duration.ofNanos(shortest);
  }

  /**
   * @param taken set by whoever makes a run of it or gives it back
   */
  private record Waiting(Claim claim, Served<?> served, long claimedAt, AtomicBoolean taken) {
    long fence() {
      return claim.id().fence();
    }
  }
}
