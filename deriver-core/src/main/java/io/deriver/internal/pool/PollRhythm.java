package io.deriver.internal.pool;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to rest between polls that find nothing: from the shortest rest, doubling, with jitter,
 * to the longest. Only real work resets it. Confined to the dispatcher's thread.
 */
final class PollRhythm {

  private final Duration min;
  private final Duration max;
  private final RandomGenerator random;
  private Duration next;

  PollRhythm(Duration min, Duration max, RandomGenerator random) {
    this.min = min;
    this.max = max;
    this.random = random;
    this.next = min;
  }

  /** Work was found. */
  void reset() {
    next = min;
  }

  /** The next rest: between three quarters and the whole of its step. */
  Duration rest() {
    Duration step = next;
    next = step.multipliedBy(2).compareTo(max) < 0 ? step.multipliedBy(2) : max;
    return Duration.ofNanos((long) (step.toNanos() * (0.75 + random.nextDouble() / 4)));
  }

  /** Where in the first rest the first poll falls, so that nodes started together spread out. */
  Duration startUp() {
    return Duration.ofNanos((long) (min.toNanos() * random.nextDouble()));
  }
}
