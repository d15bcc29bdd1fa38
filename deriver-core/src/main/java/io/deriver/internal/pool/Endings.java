package io.deriver.internal.pool;

import io.deriver.FailurePolicy.Verdict;
import io.deriver.ItemOutcome;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.PermanentFailureException;
import io.deriver.PoolEvent;
import io.deriver.internal.Texts;
import io.deriver.internal.failure.ProviderAnswer;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The policy between a run and its claim: what an outcome, an exception or a limit means for the
 * unit, given the attempts that are left.
 */
final class Endings {

  private final PoolClock clock;
  private final UnaryOperator<String> redactor;
  private final Duration restAfterInfrastructure;
  private final TypePauses pauses;
  private final Breakers breakers;

  /**
   * @param restAfterInfrastructure how long a unit rests that was given back because something of
   *     ours, or the store, failed
   */
  Endings(
      PoolClock clock,
      UnaryOperator<String> redactor,
      Duration restAfterInfrastructure,
      TypePauses pauses,
      Breakers breakers) {
    this.clock = clock;
    this.redactor = redactor;
    this.restAfterInfrastructure = restAfterInfrastructure;
    this.pauses = pauses;
    this.breakers = breakers;
  }

  /**
   * What a processor said. Runs on the run's thread.
   *
   * @throws IllegalArgumentException if the outcome cannot be one of this unit
   */
  Ending of(Run run, @Nullable Outcome outcome) {
    if (outcome instanceof Outcome.Done || outcome instanceof Outcome.Apply) {
      return completed(run);
    } else if (outcome instanceof Outcome.RetryAfter retry) {
      return judged(run, retry.delay(), Cause.FAILURE, clean(retry.reason()), true);
    } else if (outcome instanceof Outcome.Discard discard) {
      succeeded(run);
      return new Ending(
          new ClaimEnd.Completed(),
          new PoolEvent.UnitDiscarded(run.id(), run.attempt(), clean(discard.reason())));
    } else if (outcome instanceof Outcome.DeadLetter dead) {
      return deadLettered(run, Cause.FAILURE, clean(dead.reason()));
    } else if (outcome instanceof Outcome.Release release) {
      return released(run, release.delay(), clean(release.reason()));
    } else if (outcome instanceof Outcome.PerItem perItem) {
      if (perItem.outcomes().containsValue(ItemOutcome.done())) {
        succeeded(run);
      }
      return ItemEndings.of(run, perItem.outcomes(), this::clean).ending(backoff(run));
    }
    throw new IllegalArgumentException("The processor returned null; it must return an Outcome");
  }

  /** The unit is done. */
  Ending completed(Run run) {
    succeeded(run);
    return new Ending(
        new ClaimEnd.Completed(),
        new PoolEvent.UnitCompleted(
            run.id(), run.attempt(), run.claim().items().size(), run.age(clock.nanoTime())));
  }

  /** The processor, or a codec, threw. Runs on the run's thread, since it calls host code. */
  Ending ofFailure(Run run, Throwable error) {
    Limits limits = run.served().limits();
    String text = ErrorText.full(error, redactor);
    Verdict verdict = classify(limits, error, run.attempt());
    Duration delay = longer(backoff(run), verdict.notBefore());
    // A late failure tells of a provider of long ago.
    if (!verdict.pause().isZero() && run.end() == null) {
      pauses.pause(run.id().type(), verdict.pause(), firstLine(text));
    }
    return switch (verdict.kind()) {
      case PERMANENT -> refused(run, text);
      case RELEASE ->
          isYoung(run)
              ? released(run, delay, firstLine(text))
              : judged(run, delay, Cause.FAILURE, text, true);
      case RETRY -> judged(run, delay, Cause.FAILURE, text, ProviderAnswer.isOutage(error));
    };
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static Verdict classify(Limits limits, Throwable error, int attempt) {
    try {
      Verdict verdict = limits.failurePolicy().classify(error, attempt);
      return verdict == null ? Verdict.RETRY : verdict;
    } catch (Throwable broken) {
      return Verdict.RETRY;
    }
  }

  /** Items whose payload cannot be decoded are set aside; the others are claimed again. */
  Ending undecodable(Run run, Map<Long, PermanentFailureException> errors) {
    Map<Long, String> dead = new LinkedHashMap<>();
    errors.forEach((id, error) -> dead.put(id, ErrorText.full(error, redactor)));
    return ItemEndings.undecodable(run, dead).ending(Duration.ZERO);
  }

  /** A limit ended the run. */
  Ending ofTimeout(Run run, RunEnd.TimedOut end, String stack) {
    String text =
        "%s of %s ended the run after %s\n%s"
            .formatted(end.limit().setting(), limitOf(run, end.limit()), end.after(), stack);
    return judged(run, backoff(run), Cause.TIMEOUT, Texts.clean(text, ErrorText.MAX_LENGTH), false);
  }

  private static Duration limitOf(Run run, RunEnd.Limit limit) {
    Limits limits = run.served().limits();
    return switch (limit) {
      case TIMEOUT -> limits.timeout();
      case IDLE_TIMEOUT -> limits.idleTimeout().orElse(limits.timeout());
      case FIRST_PROGRESS_TIMEOUT -> limits.firstProgressTimeout().orElse(limits.timeout());
    };
  }

  /** The run was stopped; mostly through no fault of its unit. */
  Ending ofStop(Run run, RunEnd.Reason reason) {
    return switch (reason) {
      case BROKEN, CANCELLED -> failed(run, backoff(run), Cause.FAILURE, reason.text());
      case NOT_STARTED, NOT_BEGUN -> released(run, restAfterInfrastructure, reason.text());
      case LEASE_LOST, DRAINED -> released(run, Duration.ZERO, reason.text());
    };
  }

  /** The gate of its type did not let it in: no call was made. */
  Ending turnedAway(Run run, String why) {
    return released(run, Duration.ZERO, why);
  }

  /** The store failed under a step of the unit's: not the unit's fault. */
  Ending ofStoreFailure(Run run, String what) {
    return released(run, restAfterInfrastructure, what);
  }

  private Duration backoff(Run run) {
    return run.served().limits().backoff().after(run.attempt(), ThreadLocalRandom.current());
  }

  /** Trying again cannot help the item at fault; so it is looked for, without rest. */
  private static Ending refused(Run run, String error) {
    return isAlone(run)
        ? deadLettered(run, Cause.FAILURE, error)
        : retried(run, Duration.ZERO, Cause.FAILURE, error);
  }

  /** An item is set aside only if it failed alone: what ran beside it may be without fault. */
  private static Ending failed(Run run, Duration delay, Cause cause, String error) {
    return isAlone(run) && run.attempt() >= run.served().limits().maxAttempts()
        ? deadLettered(run, cause, error)
        : retried(run, delay, cause, error);
  }

  /** As {@link #failed}, unless all of the type fails: then the unit is not to blame. */
  private Ending judged(Run run, Duration delay, Cause cause, String error, boolean ofProvider) {
    // A failure that comes after the run was ended tells of a provider of long ago.
    boolean late = cause != Cause.TIMEOUT && run.isCancelled();
    Breaker.Failure failure =
        new Breaker.Failure(
            run.id().key(),
            run.attempt(),
            run.begin(),
            clock.nanoTime(),
            ofProvider,
            firstLine(error));
    if (!late && breakers.of(run.id().type()).excuses(failure) && isYoung(run)) {
      return new Ending(
          new ClaimEnd.Released(delay, new ClaimEnd.Failure(cause, error)),
          new PoolEvent.UnitReleased(
              run.id(), run.attempt(), "all of its type fails: " + firstLine(error), delay));
    }
    return failed(run, delay, cause, error);
  }

  private void succeeded(Run run) {
    if (!run.isCancelled()) {
      breakers.of(run.id().type()).succeeded(run.begin());
    }
  }

  /** Whether an outage is still an excuse for it. */
  private boolean isYoung(Run run) {
    Duration age = run.claim().age().plus(run.age(clock.nanoTime()));
    return age.compareTo(run.served().limits().maxAge()) < 0;
  }

  private static boolean isAlone(Run run) {
    return run.claim().items().size() == 1;
  }

  private static Ending retried(Run run, Duration delay, Cause cause, String error) {
    return new Ending(
        new ClaimEnd.Retried(delay, cause, error),
        new PoolEvent.UnitRetried(run.id(), run.attempt(), cause, error, delay));
  }

  private static Ending deadLettered(Run run, Cause cause, String error) {
    return new Ending(
        new ClaimEnd.DeadLettered(cause, error),
        new PoolEvent.UnitDeadLettered(
            run.id(), run.attempt(), run.claim().items().size(), cause, error));
  }

  private static Ending released(Run run, Duration delay, String reason) {
    return new Ending(
        new ClaimEnd.Released(delay),
        new PoolEvent.UnitReleased(run.id(), run.attempt(), reason, delay));
  }

  private String clean(String text) {
    try {
      return Texts.clean(redactor.apply(text), ErrorText.MAX_LENGTH);
    } catch (RuntimeException broken) {
      return "(the redactor failed: " + broken.getClass().getName() + ")";
    }
  }
}
