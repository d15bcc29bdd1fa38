package io.deriver;

import io.deriver.internal.Checks;
import java.time.Duration;

/**
 * What a pool does when all that it tries of a type fails: then the provider behind it is down, and
 * the units are not to blame.
 *
 * <p>Three failures on different keys in a row open the type's breaker: attempts that were made one
 * after another (each begun after the one before had failed) and nothing done in between. Counted
 * is what the provider says (answers of 408, 425, 429, 5xx) or that it cannot be reached (I/O), and
 * {@link Outcome#retryAfter}; anything else, a limit that passed for instance, only at the first
 * attempt of a key: one that fails again may be bad itself. While the breaker is open, one unit at
 * a time is claimed, as a probe: the first at once, the next after a second, then after twice as
 * long each time. What fails meanwhile gets its attempt back, up to the type's {@link
 * Limits.Builder#maxAge}: as often as the provider is why, else once. The first probe that is done
 * closes the breaker, and everything is claimed again.
 *
 * <p>What it does not do: it spares no call that is under way, and processes do not tell each other
 * of it. An attempt that failed before it opened stays counted. A few keys that never get an answer
 * look the same whether they are bad or their provider is silent: they are set aside as ever.
 *
 * @param enabled whether there is a breaker
 * @param maxProbeInterval how far apart probes are at most; 1 s to 1 h
 */
public record BreakerPolicy(boolean enabled, Duration maxProbeInterval) {

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /**
   * @throws IllegalArgumentException if the interval is out of its range
   */
  public BreakerPolicy {
    Checks.between("breaker.maxProbeInterval", maxProbeInterval, SHORTEST, Duration.ofHours(1));
  }

  /** The default: probes at most a minute apart. */
  public static BreakerPolicy standard() {
    return probing(Duration.ofMinutes(1));
  }

  /**
   * Probes at most so far apart.
   *
   * @throws IllegalArgumentException if the interval is not between 1 s and 1 h
   */
  public static BreakerPolicy probing(Duration maxInterval) {
    return new BreakerPolicy(true, maxInterval);
  }

  /** None: each failure counts, whatever fails beside it. For types that call nobody. */
  public static BreakerPolicy off() {
    return new BreakerPolicy(false, SHORTEST);
  }
}
