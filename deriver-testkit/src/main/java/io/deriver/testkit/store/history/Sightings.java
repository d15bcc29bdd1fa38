package io.deriver.testkit.store.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;

/**
 * What all histories of a test came by, together: a property that never comes to what matters
 * cannot fail. Thread-safe.
 */
public final class Sightings {

  private static final int EACH_AT_LEAST = 5;

  private final Map<Seen, Integer> counts = new EnumMap<>(Seen.class);
  private int histories;

  /** Counts one. */
  public synchronized void add(Seen seen) {
    counts.merge(seen, 1, Integer::sum);
  }

  /** Counts a history that was played to its end. */
  public synchronized void played() {
    histories++;
  }

  /**
   * Says that so many histories were played, and that each of {@link Seen} was seen five times.
   *
   * @throws AssertionError if not
   */
  public synchronized void areEnough(int histories) {
    assertThat(this.histories).as("histories").isGreaterThanOrEqualTo(histories);
    for (Seen seen : Seen.values()) {
      assertThat(counts.getOrDefault(seen, 0))
          .as("%s: %s", seen, this)
          .isGreaterThanOrEqualTo(EACH_AT_LEAST);
    }
  }

  @Override
  public synchronized String toString() {
    return histories + " histories, " + counts;
  }
}
