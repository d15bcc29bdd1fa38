package io.deriver;

import io.deriver.internal.Checks;
import java.time.Duration;

/**
 * What happens to a key whose run was ended by force while its thread has not returned.
 *
 * @param holdFor how long at most the key stays claimed for the thread's sake; zero releases it at
 *     once (after the usual backoff)
 */
public record ZombiePolicy(Duration holdFor) {

  /**
   * @throws IllegalArgumentException if {@code holdFor} is negative or over 7 days
   */
  public ZombiePolicy {
    Checks.between("zombiePolicy.holdFor", holdFor, Duration.ZERO, Duration.ofDays(7));
  }

  /**
   * The default: the key is tried again after its backoff, even while the old thread still hangs.
   * The old thread's writes through deriver are refused; its effects elsewhere are not undone.
   */
  public static ZombiePolicy release() {
    return new ZombiePolicy(Duration.ZERO);
  }

  /**
   * The key rests until the old thread has returned, at most so long. For effects that cannot be
   * fenced. Even then the key is released when the process dies.
   */
  public static ZombiePolicy hold(Duration atMost) {
    Checks.between("zombiePolicy.holdFor", atMost, Duration.ofMillis(1), Duration.ofDays(7));
    return new ZombiePolicy(atMost);
  }
}
