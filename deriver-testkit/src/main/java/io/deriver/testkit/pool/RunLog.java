package io.deriver.testkit.pool;

import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Which runs have begun and which claims have ended, as far as events have come. Thread-safe. */
final class RunLog implements PoolListener {

  private final UnitEnds ends;
  private final Set<Long> begun = new HashSet<>();
  private final Set<Long> ended = new HashSet<>();

  RunLog(PoolClock clock) {
    ends = new UnitEnds(clock);
  }

  @Override
  public synchronized void onEvent(PoolEvent event) {
    ends.onEvent(event);
    if (event instanceof PoolEvent.RunStarted e) {
      begun.add(e.claim().fence());
    } else if (!(event instanceof PoolEvent.WriteGivenUp)) {
      UnitEnd.of(event, Duration.ZERO).ifPresent(end -> ended.add(end.claim().fence()));
    }
  }

  UnitEnds ends() {
    return ends;
  }

  synchronized boolean hasBegun(long fence) {
    return begun.contains(fence);
  }

  /** Whether it has heard of as many ended claims. */
  synchronized boolean hasHeardOf(int claims) {
    return ended.size() >= claims;
  }
}
