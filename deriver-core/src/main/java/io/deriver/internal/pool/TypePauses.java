package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Types of which nothing is claimed for a while, since what made a unit fail concerns all of its
 * type. Thread-safe, without locks.
 */
final class TypePauses {

  private final Map<String, Pause> pauses = new ConcurrentSkipListMap<>();
  private final PoolClock clock;
  private final Events events;

  TypePauses(PoolClock clock, Events events) {
    this.clock = clock;
    this.events = events;
  }

  /** Nothing of the type is claimed for so long; a pause that lasts longer stays. */
  @SuppressWarnings("ReferenceEquality") // an equal pause may be another unit's, of the same moment
  void pause(String type, Duration time, String reason) {
    long now = clock.nanoTime();
    Pause pause = new Pause(now + time.toNanos(), reason);
    Pause kept = pauses.merge(type, pause, (old, next) -> next.until - old.until > 0 ? next : old);
    // Many units fail of one cause; the first says so.
    if (kept == pause) {
      events.publish(new PoolEvent.TypePaused(type, time, reason));
    }
  }

  boolean isPaused(String type) {
    Pause pause = pauses.get(type);
    if (pause == null) {
      return false;
    }
    if (pause.until - clock.nanoTime() > 0) {
      return true;
    }
    pauses.remove(type, pause);
    return false;
  }

  /** So long, or until the next pause is over if that comes first. */
  Duration untilNext(Duration rest) {
    long now = clock.nanoTime();
    Duration shortest = rest;
    for (Pause pause : pauses.values()) {
      Duration left = Duration.ofNanos(Math.max(0, pause.until - now));
      shortest = left.compareTo(shortest) < 0 ? left : shortest;
    }
    return shortest;
  }

  /** One line a pause that is not over. */
  List<String> inWords() {
    long now = clock.nanoTime();
    return pauses.entrySet().stream()
        .filter(entry -> entry.getValue().until - now > 0)
        .map(
            entry ->
                "type %s is paused for another %s: %s"
                    .formatted(
                        entry.getKey(),
                        Duration.ofNanos(entry.getValue().until - now),
                        entry.getValue().reason))
        .toList();
  }

  private record Pause(long until, String reason) {}
}
