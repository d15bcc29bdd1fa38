package io.deriver.internal.pool;

import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The breaker of each type that the pool serves. Thread-safe. */
final class Breakers {

  private final Map<String, Breaker> breakers;

  Breakers(Collection<Served<?>> served, PoolClock clock, Events events, Runnable wakeDispatcher) {
    Map<String, Breaker> byType = new HashMap<>();
    for (Served<?> one : served) {
      String type = one.type().name();
      byType.put(type, new Breaker(type, one.limits().breaker(), clock, events, wakeDispatcher));
    }
    breakers = Map.copyOf(byType);
  }

  Breaker of(String type) {
    return Objects.requireNonNull(breakers.get(type), type);
  }

  /** So long, or until the next probe of any type if that comes first. */
  Duration untilProbe(Duration rest) {
    Duration shortest = rest;
    for (Breaker breaker : breakers.values()) {
      shortest = breaker.untilProbe(shortest);
    }
    return shortest;
  }

  /** One line for each that is open. */
  List<String> inWords() {
    return breakers.values().stream()
        .flatMap(one -> Stream.ofNullable(one.inWords()))
        .sorted()
        .toList();
  }
}
