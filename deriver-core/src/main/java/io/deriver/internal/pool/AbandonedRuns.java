package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Runs that were ended by force and still hold a thread: their own, or the side thread that closes
 * what they registered. Counted, named, capped.
 */
final class AbandonedRuns {

  private final Map<Long, Run> holdingThreads = new ConcurrentSkipListMap<>();
  private final Map<Long, Run> beingClosed = new ConcurrentSkipListMap<>();
  private final int cap;
  private final PoolClock clock;
  private final Events events;
  private final Outcomes outcomes;
  private final Runnable threadReturned;
  private volatile long lastReturn;

  /**
   * @param threadReturned called when a thread came back: there may be room to claim again
   */
  AbandonedRuns(
      int cap, PoolClock clock, Events events, Outcomes outcomes, Runnable threadReturned) {
    this.cap = cap;
    this.clock = clock;
    this.events = events;
    this.outcomes = outcomes;
    this.threadReturned = threadReturned;
    this.lastReturn = clock.nanoTime();
  }

  /** Counts a run from the moment in which it was ended until its thread returns. */
  void add(Run run) {
    holdingThreads.put(run.fence(), run);
    if (run.hasReturned()) {
      holdingThreads.remove(run.fence(), run);
    }
  }

  /** The thread of a run that was ended by force came back. */
  void returned(Run run) {
    run.markReturned();
    holdingThreads.remove(run.fence(), run);
    lastReturn = clock.nanoTime();
    outcomes.stopHolding(run);
    // Its own side thread is mostly still at it, and is told of by itself if it stays.
    int others = count() - (beingClosed.containsKey(run.fence()) ? 1 : 0);
    events.publish(
        new PoolEvent.LateReturn(run.id(), run.attempt(), run.sinceEnd(clock.nanoTime()), others));
    threadReturned.run();
  }

  /** Counts the run no more, without a word: it was never ended by force. */
  void drop(Run run) {
    holdingThreads.remove(run.fence(), run);
    threadReturned.run();
  }

  /** Counts a run's side thread, too, while it closes. */
  void closing(Run run) {
    beingClosed.put(run.fence(), run);
  }

  void closed(Run run) {
    beingClosed.remove(run.fence(), run);
    lastReturn = clock.nanoTime();
    threadReturned.run();
  }

  /** How many runs hold a thread that should have come back. */
  int count() {
    int count = holdingThreads.size();
    for (Long fence : beingClosed.keySet()) {
      if (!holdingThreads.containsKey(fence)) {
        count++;
      }
    }
    return count;
  }

  boolean atCap() {
    return count() >= cap;
  }

  int cap() {
    return cap;
  }

  /** How long no thread has come back. */
  Duration sinceReturn() {
    return Duration.ofNanos(clock.nanoTime() - lastReturn);
  }

  /** All of them: those whose own thread, and those of which only the side thread is away. */
  Collection<Run> all() {
    Map<Long, Run> all = new HashMap<>(beingClosed);
    all.putAll(holdingThreads);
    return all.values();
  }
}
