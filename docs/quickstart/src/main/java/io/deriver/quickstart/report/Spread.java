package io.deriver.quickstart.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Durations that were measured. Thread-safe. */
public final class Spread {

  private final List<Duration> measured = new ArrayList<>();

  /** Adds one. */
  public synchronized void add(Duration duration) {
    measured.add(duration);
  }

  /** The longest; zero if there is none. */
  public synchronized Duration max() {
    return measured.isEmpty() ? Duration.ZERO : Collections.max(measured);
  }

  /** Smallest, median and largest in milliseconds, or a dash. */
  @Override
  public synchronized String toString() {
    if (measured.isEmpty()) {
      return "-";
    }
    List<Duration> sorted = measured.stream().sorted().toList();
    return "%d/%d/%d ms"
        .formatted(
            sorted.get(0).toMillis(),
            sorted.get(sorted.size() / 2).toMillis(),
            sorted.get(sorted.size() - 1).toMillis());
  }
}
