package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.PoolClock;

/**
 * How many keys may be claimed now: as many as slots are free, less while outcomes wait to be
 * written, none at the cap of abandoned threads. Keys on probation get a quarter of the slots at
 * most, and suspects one, whatever else waits. Everything is derived, nothing counted on the side.
 * Confined to the dispatcher's thread, but for what says otherwise.
 */
final class Capacity {

  private static final int SUSPECTS = 1;

  private final PoolSettings settings;
  private final Runs runs;
  private final AbandonedRuns abandoned;
  private final Outcomes outcomes;
  private final Breakers breakers;
  private final Gates gates;
  private final PoolClock clock;
  private final Events events;
  private boolean saturated;

  Capacity(
      PoolSettings settings,
      Runs runs,
      AbandonedRuns abandoned,
      Outcomes outcomes,
      Breakers breakers,
      Gates gates,
      PoolClock clock,
      Events events) {
    this.settings = settings;
    this.runs = runs;
    this.abandoned = abandoned;
    this.outcomes = outcomes;
    this.breakers = breakers;
    this.gates = gates;
    this.clock = clock;
    this.events = events;
  }

  /**
   * Of any standing; 0 or less if none. Tells when the pool comes to its cap, and leaves it.
   *
   * @param ahead how many may be claimed beyond the free slots
   */
  int keys(int ahead) {
    if (abandoned.atCap()) {
      if (!saturated) {
        saturated = true;
        events.publish(
            new PoolEvent.Saturated(
                abandoned.count(), abandoned.cap(), RunNames.oldest(abandoned.all(), clock)));
      }
      return 0;
    }
    if (saturated) {
      saturated = false;
      events.publish(new PoolEvent.Resumed(abandoned.count()));
    }
    int unwritten = settings.maxUnwritten() - outcomes.waiting();
    return Math.min(free() + ahead, unwritten);
  }

  /** How many slots are free. Any thread may ask. */
  int free() {
    return settings.slots() - runs.size();
  }

  /** How many of them may be of this type. */
  int keys(Served<?> type) {
    String name = type.type().name();
    int room =
        type.limits()
            .maxConcurrent()
            .map(most -> most - runs.count(name))
            .orElse(Integer.MAX_VALUE);
    if (gates.isClosed(name)) {
      room = Math.min(room, 1 - runs.countBeforeGate(name));
    }
    return Math.min(room, breakers.of(name).room());
  }

  /** How many of them may be on probation. */
  int probation() {
    return Math.max(0, settings.probationSlots() - runs.count(Standing.PROBATION));
  }

  /**
   * How many of them may be suspects. One that has run and whose outcome is not written counts: its
   * claim stands, so if the next one ended the process, that would be held against it, too.
   */
  int suspects() {
    return Math.max(
        0, SUSPECTS - runs.count(Standing.SUSPECT) - outcomes.waiting(Standing.SUSPECT));
  }

  /** Whether keys that wait may be left waiting though slots are free. */
  boolean quotasBind() {
    return probation() == 0 || suspects() == 0;
  }
}
