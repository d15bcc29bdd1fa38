package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolEvent;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimEnd.DeadLettered;
import io.deriver.spi.ClaimEnd.Released;
import io.deriver.spi.ClaimEnd.Retried;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Invariant 6 and guarantee 14: what counts against a unit, and what an outage excuses. */
class BlameTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final JudgedRuns runs = new JudgedRuns();
  private final Blame blame = new Blame(runs.clock, runs.breakers);

  private ClaimEnd failed(int attempt, int items) {
    return Blame.failed(runs.run(attempt, items), HOUR, Cause.FAILURE, "why").claimEnd();
  }

  @Test
  void theLastAttemptSetsAsideWhatIsAlone() {
    Retried again = new Retried(HOUR, Cause.FAILURE, "why");
    DeadLettered aside = new DeadLettered(Cause.FAILURE, "why");
    assertThat(failed(2, 1)).isEqualTo(again);
    assertThat(failed(3, 1)).isEqualTo(aside);
    assertThat(failed(4, 1)).isEqualTo(aside);
    assertThat(failed(3, 2)).as("what ran beside it may be without fault").isEqualTo(again);
  }

  private Ending judged(Run run, boolean ofProvider) {
    return blame.judged(run, HOUR, Cause.FAILURE, "first\nsecond", ofProvider);
  }

  @Test
  void inAnOutageWhatFailsIsGivenBackWithItsError() {
    runs.outage();
    Run run = runs.run(3, 1);
    assertThat(judged(run, true))
        .isEqualTo(
            new Ending(
                new Released(HOUR, new ClaimEnd.Failure(Cause.FAILURE, "first\nsecond")),
                new PoolEvent.UnitReleased(run.id(), 3, "all of its type fails: first", HOUR)));
  }

  @Test
  void anOutageExcusesNoneThatIsTooOld() {
    runs.outage();
    Duration most = runs.run(1, 1).served().limits().maxAge();
    Run young = runs.run(3, 1, most.minusNanos(1), limits -> {});
    assertThat(judged(young, true).claimEnd()).isInstanceOf(Released.class);
    Run old = runs.run(3, 1, most, limits -> {});
    assertThat(judged(old, true).claimEnd()).isInstanceOf(DeadLettered.class);
    Run grownOld = runs.run(3, 1, most.minus(HOUR), limits -> {});
    runs.clock.advance(HOUR);
    assertThat(judged(grownOld, true).claimEnd()).isInstanceOf(DeadLettered.class);
  }

  @Test
  void aFailureAfterItsRunWasEndedTellsNothingOfTheProvider() {
    for (int i = 0; i < 5; i++) {
      Run late = runs.run(1, 1);
      late.decide(new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
      runs.clock.advance(HOUR);
      assertThat(judged(late, true).claimEnd()).isInstanceOf(Retried.class);
    }
    assertThat(runs.isOutage()).isFalse();
  }

  /** A limit is what ended it: that it is over is no reason to pass over the failure. */
  @Test
  void aTimeoutTellsThoughTheRunIsOver() {
    for (int i = 0; i < 3; i++) {
      Run slow = runs.run(1, 1);
      runs.clock.advance(HOUR);
      slow.decide(new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, HOUR));
      Ending unused = blame.judged(slow, HOUR, Cause.TIMEOUT, "slow", false);
    }
    assertThat(runs.isOutage()).isTrue();
  }

  @Test
  void aCallThatSucceedsEndsTheOutageUnlessItsRunWasEnded() {
    runs.outage();
    Run late = runs.run(1, 1);
    late.decide(new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
    blame.succeeded(late);
    assertThat(runs.isOutage()).isTrue();
    blame.succeeded(runs.run(1, 1));
    assertThat(runs.isOutage()).isFalse();
  }

  @Test
  void theRestIsThatOfTheAttempt() {
    assertThat(Blame.backoff(runs.run(1, 1)))
        .isBetween(JudgedRuns.BACKOFF.dividedBy(2), JudgedRuns.BACKOFF);
  }
}
