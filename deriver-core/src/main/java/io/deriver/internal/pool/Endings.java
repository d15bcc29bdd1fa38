package io.deriver.internal.pool;

import io.deriver.FailurePolicy.Verdict;
import io.deriver.ItemOutcome;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.PermanentFailureException;
import io.deriver.internal.Texts;
import io.deriver.internal.failure.ProviderAnswer;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The policy between a run and its claim: what an outcome, an exception or a limit means for it.
 */
final class Endings {

  private final PoolClock clock;
  private final UnaryOperator<String> redactor;
  private final Duration restAfterInfrastructure;
  private final TypePauses pauses;
  private final Blame blame;

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
    this.blame = new Blame(clock, breakers);
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
      return blame.judged(run, retry.delay(), Cause.FAILURE, clean(retry.reason()), true);
    } else if (outcome instanceof Outcome.Discard discard) {
      blame.succeeded(run);
      return Ending.discarded(run, clean(discard.reason()));
    } else if (outcome instanceof Outcome.DeadLetter dead) {
      return Ending.deadLettered(run, Cause.FAILURE, clean(dead.reason()));
    } else if (outcome instanceof Outcome.Release release) {
      return Ending.released(run, release.delay(), clean(release.reason()));
    } else if (outcome instanceof Outcome.PerItem perItem) {
      if (perItem.outcomes().containsValue(ItemOutcome.done())) {
        blame.succeeded(run);
      }
      return ItemEndings.of(run, perItem.outcomes(), this::clean).ending(Blame.backoff(run));
    }
    throw new IllegalArgumentException("The processor returned null; it must return an Outcome");
  }

  /** The unit is done. */
  Ending completed(Run run) {
    blame.succeeded(run);
    return Ending.completed(run, run.age(clock.nanoTime()));
  }

  /** The processor, or a codec, threw. Runs on the run's thread, since it calls host code. */
  Ending ofFailure(Run run, Throwable error) {
    Limits limits = run.served().limits();
    String text = ErrorText.full(error, redactor);
    Verdict verdict = classify(limits, error, run.attempt());
    Duration delay = longer(Blame.backoff(run), verdict.notBefore());
    // A late failure tells of a provider of long ago.
    if (!verdict.pause().isZero() && run.end() == null) {
      pauses.pause(run.id().type(), verdict.pause(), ErrorText.firstLine(text));
    }
    return switch (verdict.kind()) {
      case PERMANENT -> Blame.refused(run, text);
      case RELEASE ->
          blame.isYoung(run)
              ? Ending.released(run, delay, ErrorText.firstLine(text))
              : blame.judged(run, delay, Cause.FAILURE, text, true);
      case RETRY -> blame.judged(run, delay, Cause.FAILURE, text, ProviderAnswer.isOutage(error));
    };
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
    return blame.judged(
        run, Blame.backoff(run), Cause.TIMEOUT, Texts.clean(text, ErrorText.MAX_LENGTH), false);
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
      case BROKEN, CANCELLED -> Blame.failed(run, Blame.backoff(run), Cause.FAILURE, reason.text());
      case NOT_STARTED, NOT_BEGUN -> Ending.released(run, restAfterInfrastructure, reason.text());
      case NO_SLOT, LEASE_LOST, DRAINED -> Ending.released(run, Duration.ZERO, reason.text());
    };
  }

  /** The gate of its type did not let it in: no call was made. */
  Ending turnedAway(Run run, String why) {
    return Ending.released(run, Duration.ZERO, why);
  }

  /** The store failed under a step of the unit's: not the unit's fault. */
  Ending ofStoreFailure(Run run, String what) {
    return Ending.released(run, restAfterInfrastructure, what);
  }

  private String clean(String text) {
    try {
      return Texts.clean(redactor.apply(text), ErrorText.MAX_LENGTH);
    } catch (RuntimeException broken) {
      return "(the redactor failed: " + broken.getClass().getName() + ")";
    }
  }
}
