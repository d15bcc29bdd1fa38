package io.deriver.internal.pool;

import java.time.Duration;

/** What ended a run; decided once, by one compare-and-set. */
sealed interface RunEnd {

  /** The processor returned or threw; the run's own thread has the outcome. */
  record ByItself() implements RunEnd {}

  /** A limit ended it by force. */
  record TimedOut(Limit limit, Duration after) implements RunEnd {}

  /** It was ended from outside, through no fault of the unit. */
  record Stopped(Reason reason) implements RunEnd {}

  /** Which limit. */
  enum Limit {
    TIMEOUT("timeout"),
    IDLE_TIMEOUT("idleTimeout"),
    FIRST_PROGRESS_TIMEOUT("firstProgressTimeout");

    private final String setting;

    Limit(String setting) {
      this.setting = setting;
    }

    /** The setting's name, as the host knows it. */
    String setting() {
      return setting;
    }
  }

  /** Why it was stopped. */
  enum Reason {
    LEASE_LOST("the node's lease was lost"),
    DRAINED("the pool was drained"),
    NOT_STARTED("no thread could be started for it"),
    BROKEN("an error broke the pool's own code on its thread");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }
}
