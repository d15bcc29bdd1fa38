package io.deriver.quickstart.acts;

import java.time.Duration;

/**
 * The terms of all acts.
 *
 * @param timeout T: how long a unit may take
 */
public record Terms(int slots, Duration timeout) {

  /** How long an act is watched without anything ending: 5 T. */
  public Duration quiet() {
    return timeout.multipliedBy(5);
  }

  /** How long an act is watched at most: 30 T. */
  public Duration atMost() {
    return timeout.multipliedBy(30);
  }

  /** At which age the pools without deriver take claims away: T/2, as in the incident. */
  public Duration staleAfter() {
    return timeout.dividedBy(2);
  }
}
