package io.deriver;

import io.deriver.internal.Checks;
import java.time.Duration;

/**
 * When the items of a key are enough for a unit: see {@link Limits.Builder#gather}. Immutable.
 *
 * @param minWeight how much they must weigh together, by the weights that they were enqueued with;
 *     2 to 1,000,000,000
 * @param maxWait how long the oldest of them waits for that at most; 1 ms to 366 days
 */
public record Gathering(int minWeight, Duration maxWait) {

  /**
   * @throws IllegalArgumentException if a value is out of its range; the message names it and the
   *     rule
   */
  public Gathering {
    Checks.between("minWeight", minWeight, 2, 1_000_000_000);
    Checks.between("maxWait", maxWait, Duration.ofMillis(1), Duration.ofDays(366));
  }
}
