package io.deriver.internal.pool;

import java.time.Duration;

/** What ended a run; decided once, by one compare-and-set. */
sealed interface RunEnd {

  /** In words. */
  String text();

  /** The processor returned or threw; the run's own thread has the outcome. */
  record ByItself() implements RunEnd {
    @Override
    public String text() {
      return "by itself";
    }
  }

  /** A limit ended it by force. */
  record TimedOut(Limit limit, Duration after) implements RunEnd {
    @Override
    public String text() {
      return limit.setting();
    }
  }

  /** It was ended from outside, for another reason than a limit. */
  record Stopped(Reason reason) implements RunEnd {
    @Override
    public String text() {
      return reason.text();
    }
  }

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
    CANCELLED("it was cancelled by an operator"),
    NOT_STARTED("no thread could be started for it"),
    NO_SLOT("it was claimed ahead of a free slot, and did not come to start"),
    NOT_BEGUN("its limit passed before a thread came to it"),
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
