package io.deriver.testkit.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.ClaimId;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How one claim of a unit ended, as the pool told it.
 *
 * @param attempt 1 for the first; 0 where the pool does not say, for {@link Kind#REAPED} and {@link
 *     Kind#LOST}
 * @param cause {@code failure} or {@code timeout}; empty where nothing went wrong, and for kinds
 *     that name none
 * @param error what went wrong, or the reason that was given; empty if there is none
 * @param delay how long the key rests now; zero if it does not
 * @param at when it was told, on the clock of who listened
 */
public record UnitEnd(
    Kind kind,
    ClaimId claim,
    int attempt,
    String cause,
    String error,
    Duration delay,
    Duration at) {

  /** What became of the unit. */
  public enum Kind {
    /** All its items are done. */
    COMPLETED,
    /** The processor dropped it. */
    DISCARDED,
    /** Its items ended each by itself; those left come again as another unit. */
    SPLIT,
    /** It was set aside. */
    DEAD_LETTERED,
    /** The attempt failed, and it is tried again. */
    RETRIED,
    /** The claim was given back, the attempt uncounted. */
    RELEASED,
    /** The reaper took the claim back. */
    REAPED,
    /** Its end could not be written; the store knows better. */
    LOST;

    /** Whether the unit is over with it: completed, discarded, split or dead-lettered. */
    public boolean isFinal() {
      return compareTo(DEAD_LETTERED) <= 0;
    }
  }

  /** The type's name. */
  public String type() {
    return claim.type();
  }

  /** The key. */
  public String key() {
    return claim.key();
  }

  /** What this event says of an end, if it is about one. */
  static Optional<UnitEnd> of(PoolEvent event, Duration at) {
    UnitEnd end = null;
    if (event instanceof PoolEvent.UnitCompleted e) {
      end = new UnitEnd(Kind.COMPLETED, e.claim(), e.attempt(), "", "", Duration.ZERO, at);
    } else if (event instanceof PoolEvent.UnitDiscarded e) {
      end = new UnitEnd(Kind.DISCARDED, e.claim(), e.attempt(), "", e.reason(), Duration.ZERO, at);
    } else if (event instanceof PoolEvent.UnitSplit e) {
      String cause = e.failed() + e.deadLettered() > 0 ? "failure" : "";
      end = new UnitEnd(Kind.SPLIT, e.claim(), e.attempt(), cause, e.error(), e.delay(), at);
    } else if (event instanceof PoolEvent.UnitDeadLettered e) {
      String cause = e.cause().name().toLowerCase(Locale.ROOT);
      end =
          new UnitEnd(
              Kind.DEAD_LETTERED, e.claim(), e.attempt(), cause, e.error(), Duration.ZERO, at);
    } else if (event instanceof PoolEvent.UnitRetried e) {
      String cause = e.cause().name().toLowerCase(Locale.ROOT);
      end = new UnitEnd(Kind.RETRIED, e.claim(), e.attempt(), cause, e.error(), e.delay(), at);
    } else if (event instanceof PoolEvent.UnitReleased e) {
      end = new UnitEnd(Kind.RELEASED, e.claim(), e.attempt(), "", e.reason(), e.delay(), at);
    } else if (event instanceof PoolEvent.ClaimReaped e) {
      Kind kind = e.deadLettered() ? Kind.DEAD_LETTERED : Kind.REAPED;
      end = new UnitEnd(kind, e.claim(), 0, "", e.reason(), Duration.ZERO, at);
    } else if (event instanceof PoolEvent.WriteRefused e) {
      end = lost(e.claim(), e.write() + " was refused", at);
    } else if (event instanceof PoolEvent.WriteUnknown e) {
      end = lost(e.claim(), "what became of " + e.write() + " is not known", at);
    } else if (event instanceof PoolEvent.WriteGivenUp e) {
      end = lost(e.claim(), e.write() + " was given up: " + e.error(), at);
    }
    return Optional.ofNullable(end);
  }

  private static UnitEnd lost(ClaimId claim, String why, Duration at) {
    return new UnitEnd(Kind.LOST, claim, 0, "", why, Duration.ZERO, at);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("at %s attempt %d %s".formatted(at, attempt, kind));
    if (!cause.isEmpty()) {
      text.append(" by ").append(cause);
    }
    if (!delay.isZero()) {
      text.append(", again after ").append(delay);
    }
    if (!error.isEmpty()) {
      text.append(": ").append(error.lines().findFirst().orElse(""));
    }
    return text.toString();
  }
}
