package io.deriver;

import io.deriver.internal.Checks;
import io.deriver.spi.CompletionStep;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * What became of a unit, as its processor says it. An exception is the other way to end: see {@link
 * FailurePolicy}.
 *
 * <p>An outcome counts only while the run holds its claim. One that comes later changes nothing and
 * is reported as refused.
 */
public sealed interface Outcome {

  /** All items are done. */
  static Outcome done() {
    return new Done();
  }

  /**
   * All items are done, and this step runs in the transaction that says so: once, however often the
   * unit is tried. Steps are made by the store ({@code PostgresQueue.apply}).
   */
  static Outcome apply(CompletionStep step) {
    return new Apply(step);
  }

  /**
   * Try again, so much later, the older half of the items first. Counts as an attempt; after the
   * last one an item that was alone is dead-lettered.
   *
   * @param delay zero to 366 days
   * @param reason kept in the unit's error history
   */
  static Outcome retryAfter(Duration delay, String reason) {
    return new RetryAfter(delay, reason);
  }

  /** Drop all items of the unit without a trace but an event and a log line. */
  static Outcome discard(String reason) {
    return new Discard(reason);
  }

  /** Set all items of the unit aside now, whatever attempts are left. */
  static Outcome deadLetter(String reason) {
    return new DeadLetter(reason);
  }

  /**
   * Give the claim back as if it had never been: the attempt does not count. For what is not the
   * unit's fault, say a provider that is down.
   *
   * @param delay how long the key rests first, zero to 366 days; zero makes a hot loop possible
   */
  static Outcome release(Duration delay, String reason) {
    return new Release(delay, reason);
  }

  /**
   * Each item its own end, by the item's id. Items that the map does not name stay where they are,
   * in order, and are claimed again: after the backoff if one failed, else at once. Their attempts
   * are counted anew, but while an item failed and the unit's first is still there they go on
   * counting. An id that is not the unit's is a failure of the unit.
   *
   * @throws IllegalArgumentException if the map is empty
   */
  static Outcome perItem(Map<Long, ItemOutcome> outcomes) {
    return new PerItem(outcomes);
  }

  /** See {@link Outcome#done()}. */
  record Done() implements Outcome {}

  /** See {@link Outcome#apply(CompletionStep)}. */
  record Apply(CompletionStep step) implements Outcome {
    public Apply {
      Objects.requireNonNull(step, "step");
    }
  }

  /** See {@link Outcome#retryAfter(Duration, String)}. */
  record RetryAfter(Duration delay, String reason) implements Outcome {
    public RetryAfter {
      Checks.between("delay", delay, Duration.ZERO, Duration.ofDays(366));
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** See {@link Outcome#discard(String)}. */
  record Discard(String reason) implements Outcome {
    public Discard {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** See {@link Outcome#deadLetter(String)}. */
  record DeadLetter(String reason) implements Outcome {
    public DeadLetter {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** See {@link Outcome#release(Duration, String)}. */
  record Release(Duration delay, String reason) implements Outcome {
    public Release {
      Checks.between("delay", delay, Duration.ZERO, Duration.ofDays(366));
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** See {@link Outcome#perItem(Map)}. */
  record PerItem(Map<Long, ItemOutcome> outcomes) implements Outcome {
    public PerItem {
      outcomes = Map.copyOf(outcomes);
      if (outcomes.isEmpty()) {
        throw new IllegalArgumentException(
            "outcomes is empty; perItem must name the end of at least one item");
      }
    }
  }
}
