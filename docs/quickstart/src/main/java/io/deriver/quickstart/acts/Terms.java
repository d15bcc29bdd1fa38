package io.deriver.quickstart.acts;

import java.time.Duration;

/**
 * The terms of all acts.
 *
 * @param timeout T: how long a unit may take
 */
public record Terms(int slots, Duration timeout) {

  /** How long a pool without deriver is watched without anything ending: 5 T. */
  public Duration quiet() {
    return timeout.multipliedBy(5);
  }

  /** How long a pool without deriver is watched at most: 30 T. */
  public Duration atMost() {
    return timeout.multipliedBy(30);
  }

  /** How long deriver may take to end everything: 150 T, some seven times what it takes. */
  public Duration toTheEnd() {
    return timeout.multipliedBy(150);
  }

  /** At which age the pools without deriver take claims away: T/2, as in the incident. */
  public Duration staleAfter() {
    return timeout.dividedBy(2);
  }
}
