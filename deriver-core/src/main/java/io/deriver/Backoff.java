package io.deriver;

import io.deriver.internal.Checks;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a unit rests after a failed attempt: a random time between half and the whole of {@code
 * first * 2^(attempt-1)}, at most {@code max}. The spread keeps units that failed together from
 * coming back together; the lower bound keeps a hot loop out.
 *
 * @param first the rest after the first failed attempt, 1 ms to 1 day; default 5 s
 * @param max the longest rest, {@code first} to 30 days; default 10 min
 */
public record Backoff(Duration first, Duration max) {

  private static final int MAX_DOUBLINGS = 40;

  /**
   * @throws IllegalArgumentException if a duration is out of its range
   */
  public Backoff {
    Checks.between("backoff.first", first, Duration.ofMillis(1), Duration.ofDays(1));
    Checks.between("backoff.max", max, first, Duration.ofDays(30));
  }

  /** The default: 5 s doubling up to 10 min. */
  public static Backoff standard() {
    return new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(10));
  }

  /**
   * A backoff that doubles from {@code first} up to {@code max}.
   *
   * @throws IllegalArgumentException if a duration is out of its range
   */
  public static Backoff exponential(Duration first, Duration max) {
    return new Backoff(first, max);
  }

  /**
   * The rest after this attempt: never zero, at most {@code max}.
   *
   * @param attempt 1 for the first; what is below counts as 1
   * @param random where the spread comes from
   */
  public Duration after(int attempt, RandomGenerator random) {
    double doubled =
        first.toNanos() * Math.pow(2, Math.min(Math.max(attempt, 1) - 1, MAX_DOUBLINGS));
    double whole = Math.min(doubled, (double) max.toNanos());
    return Duration.ofNanos((long) (whole * (0.5 + random.nextDouble() / 2)));
  }
}
