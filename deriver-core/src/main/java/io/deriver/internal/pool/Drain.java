package io.deriver.internal.pool;

import io.deriver.DrainReport;
import io.deriver.spi.PoolClock;
import io.deriver.spi.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Ends a pool's work: no more claims, live runs until the limit, then the rest by force with their
 * claims given back.
 */
final class Drain {

  private static final Duration CHECK = Duration.ofMillis(20);

  private final Rooms rooms;
  private final Duration storeTimeout;
  private final PoolClock clock;
  private final Signal never = new Signal();

  Drain(Rooms rooms, Duration storeTimeout, PoolClock clock) {
    this.rooms = rooms;
    this.storeTimeout = storeTimeout;
    this.clock = clock;
  }

  /** An interrupt ends the wait for live runs, not the giving back, and stays set. */
  DrainReport run(Duration limit) {
    long until = clock.nanoTime() + limit.toNanos();
    rooms.dispatcher().drain();
    rooms.claiming().wake();
    rooms.ahead().giveBackAll(RunEnd.Reason.DRAINED);
    List<Run> live = new ArrayList<>(rooms.runs().live());
    boolean interrupted =
        awaitUntil(until, () -> noClaimComes() && rooms.runs().size() == 0 && allWritten());
    List<Run> forced = endTheRest();
    long writtenUntil = clock.nanoTime() + storeTimeout.toNanos();
    BooleanSupplier allGivenBack =
        () -> {
          boolean noneComes = noClaimComes();
          forced.addAll(endTheRest());
          // Again and again: an end gets held only once the canceller has dealt with it.
          rooms.outcomes().stopHoldingAll();
          return noneComes && allWritten();
        };
    while (awaitUntil(writtenUntil, allGivenBack)) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    int abandoned = (int) forced.stream().filter(run -> !run.hasReturned()).count();
    int endedInTime = (int) live.stream().filter(run -> !forced.contains(run)).count();
    return new DrainReport(endedInTime, forced.size(), abandoned, rooms.outcomes().unwritten());
  }

  // Asked before the live runs are looked at: what a claim brought is among them once it ended, or
  // waits for a slot, and then goes back.
  private boolean noClaimComes() {
    if (rooms.claims().underWay()) {
      return false;
    }
    rooms.ahead().giveBackAll(RunEnd.Reason.DRAINED);
    return rooms.ahead().isEmpty();
  }

  private boolean allWritten() {
    return rooms.outcomes().unwritten() == 0;
  }

  private List<Run> endTheRest() {
    List<Run> forced = new ArrayList<>();
    for (Run run : rooms.runs().live()) {
      if (rooms.runs().end(run, new RunEnd.Stopped(RunEnd.Reason.DRAINED))) {
        forced.add(run);
      }
    }
    return forced;
  }

  /** Says whether an interrupt ended the wait. */
  private boolean awaitUntil(long until, BooleanSupplier condition) {
    try {
      while (!condition.getAsBoolean() && clock.nanoTime() - until < 0) {
        clock.await(never, Math.min(until, clock.nanoTime() + CHECK.toNanos()));
      }
      return false;
    } catch (InterruptedException interrupt) {
      return true;
    }
  }
}
