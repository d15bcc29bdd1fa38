package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.WorkCounts;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the work of each type by what is told of it, before any queue: none is lost to a listener
 * that hangs. Thread-safe, and nobody waits for anybody.
 */
final class WorkTally {

  private final Map<String, OfType> types = new ConcurrentHashMap<>();

  void count(PoolEvent event) {
    if (event instanceof PoolEvent.RunStarted e) {
      of(e.claim()).unitsStarted.increment();
      of(e.claim()).itemsStarted.add(e.items());
    } else if (event instanceof PoolEvent.UnitCompleted e) {
      of(e.claim()).unitsCompleted.increment();
      of(e.claim()).itemsCompleted.add(e.items());
    } else if (event instanceof PoolEvent.UnitRetried e) {
      OfType of = of(e.claim());
      (e.cause() == Cause.TIMEOUT ? of.unitsTimedOut : of.unitsFailed).increment();
    } else if (event instanceof PoolEvent.UnitReleased e) {
      of(e.claim()).unitsReleased.increment();
    } else if (event instanceof PoolEvent.UnitDeadLettered e) {
      of(e.claim()).itemsDeadLettered.add(e.items());
    } else if (event instanceof PoolEvent.UnitDiscarded e) {
      of(e.claim()).unitsDiscarded.increment();
    } else if (event instanceof PoolEvent.UnitSplit e) {
      of(e.claim()).itemsCompleted.add(e.done());
      of(e.claim()).itemsDeadLettered.add(e.deadLettered());
      of(e.claim()).unitsFailed.add(e.failed() > 0 ? 1 : 0);
    } else if (event instanceof PoolEvent.RunTimedOut e) {
      of(e.claim()).runsEndedByForce.increment();
    } else if (event instanceof PoolEvent.RunCancelled e) {
      of(e.claim()).runsEndedByForce.increment();
    } else if (event instanceof PoolEvent.WriteRefused e) {
      of(e.claim()).outcomesLost.increment();
    } else if (event instanceof PoolEvent.WriteUnknown e) {
      of(e.claim()).outcomesLost.increment();
    } else if (event instanceof PoolEvent.WriteGivenUp e) {
      of(e.claim()).outcomesLost.increment();
    }
  }

  private OfType of(ClaimId claim) {
    return of(claim.type());
  }

  private OfType of(String type) {
    return types.computeIfAbsent(type, unused -> new OfType());
  }

  WorkCounts counts(String type) {
    OfType of = of(type);
    return new WorkCounts(
        of.unitsStarted.sum(),
        of.itemsStarted.sum(),
        of.unitsCompleted.sum(),
        of.itemsCompleted.sum(),
        of.itemsDeadLettered.sum(),
        of.unitsDiscarded.sum(),
        of.unitsFailed.sum(),
        of.unitsTimedOut.sum(),
        of.unitsReleased.sum(),
        of.runsEndedByForce.sum(),
        of.outcomesLost.sum());
  }

  private static final class OfType {
    private final LongAdder unitsStarted = new LongAdder();
    private final LongAdder itemsStarted = new LongAdder();
    private final LongAdder unitsCompleted = new LongAdder();
    private final LongAdder itemsCompleted = new LongAdder();
    private final LongAdder itemsDeadLettered = new LongAdder();
    private final LongAdder unitsDiscarded = new LongAdder();
    private final LongAdder unitsFailed = new LongAdder();
    private final LongAdder unitsTimedOut = new LongAdder();
    private final LongAdder unitsReleased = new LongAdder();
    private final LongAdder runsEndedByForce = new LongAdder();
    private final LongAdder outcomesLost = new LongAdder();
  }
}
