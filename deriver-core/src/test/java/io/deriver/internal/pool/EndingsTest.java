package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.deriver.Backoff;
import io.deriver.FailurePolicy;
import io.deriver.FailurePolicy.Verdict;
import io.deriver.ItemOutcome;
import io.deriver.Outcome;
import io.deriver.PermanentFailureException;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimEnd.DeadLettered;
import io.deriver.spi.ClaimEnd.Released;
import io.deriver.spi.ClaimEnd.Retried;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Invariants 4 and 6: what each outcome, failure and end by force means for the unit. */
class EndingsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final JudgedRuns runs = new JudgedRuns();
  private final TestClock clock = runs.clock;
  private final TypePauses pauses = TestRuns.pauses(clock);

  private Endings endings(UnaryOperator<String> redactor) {
    return new Endings(clock, redactor, SECOND, pauses, runs.breakers);
  }

  private Ending of(Run run, @Nullable Outcome outcome) {
    return endings(text -> "clean " + text).of(run, outcome);
  }

  private Ending failed(Run run, Throwable error) {
    return endings(text -> text).ofFailure(run, error);
  }

  @Test
  void aUnitThatIsDoneTookItsTime() {
    Run run = runs.run(1, 2);
    clock.advance(SECOND);
    Ending done = of(run, Outcome.done());
    assertThat(done.claimEnd()).isEqualTo(new ClaimEnd.Completed());
    assertThat(done.whenWritten())
        .isEqualTo(new PoolEvent.UnitCompleted(run.id(), 1, 2, Duration.ofSeconds(1)));
  }

  @Test
  void whatAProcessorSaysIsWhatIsWritten() {
    Run run = runs.run(1, 1);
    assertThat(of(run, Outcome.discard("old")))
        .isEqualTo(
            new Ending(
                new ClaimEnd.Completed(true),
                new PoolEvent.UnitDiscarded(run.id(), 1, "clean old")));
    assertThat(of(run, Outcome.deadLetter("bad")))
        .isEqualTo(
            new Ending(
                new DeadLettered(Cause.FAILURE, "clean bad"),
                new PoolEvent.UnitDeadLettered(run.id(), 1, 1, Cause.FAILURE, "clean bad")));
    assertThat(of(run, Outcome.release(HOUR, "later")))
        .isEqualTo(
            new Ending(
                new Released(HOUR), new PoolEvent.UnitReleased(run.id(), 1, "clean later", HOUR)));
    assertThat(of(run, Outcome.retryAfter(HOUR, "busy")))
        .isEqualTo(
            new Ending(
                new Retried(HOUR, Cause.FAILURE, "clean busy"),
                new PoolEvent.UnitRetried(run.id(), 1, Cause.FAILURE, "clean busy", HOUR)));
    assertThat(of(run, Outcome.perItem(Map.of(1L, ItemOutcome.deadLetter("bad")))).claimEnd())
        .isEqualTo(new ClaimEnd.Split(Set.of(), Map.of(1L, "clean bad"), null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(run, null))
        .withMessageContaining("must return an Outcome");
  }

  @Test
  void whatIsDoneOrDroppedSaysThatTheProviderWorks() {
    for (Outcome works :
        List.of(
            Outcome.done(),
            Outcome.discard("old"),
            Outcome.perItem(Map.of(1L, ItemOutcome.done(), 2L, ItemOutcome.failed("why"))))) {
      runs.outage();
      Ending unused = of(runs.run(1, 2), works);
      assertThat(runs.isOutage()).as("after %s", works).isFalse();
    }
    runs.outage();
    for (Outcome says :
        List.of(
            Outcome.deadLetter("bad"),
            Outcome.release(HOUR, "later"),
            Outcome.perItem(Map.of(1L, ItemOutcome.failed("why"))))) {
      Ending unused = of(runs.run(1, 2), says);
      assertThat(runs.isOutage()).as("after %s", says).isTrue();
    }
  }

  @Test
  void aRedactorThatFailsLetsNothingOut() {
    Ending ending =
        endings(
                text -> {
                  throw new IllegalStateException("secret");
                })
            .of(runs.run(1, 1), Outcome.deadLetter("secret"));
    assertThat(ending.claimEnd())
        .isEqualTo(
            new DeadLettered(
                Cause.FAILURE, "(the redactor failed: java.lang.IllegalStateException)"));
  }

  /** What is said once the store has it; that nothing of the key is left is told last. */
  @Test
  void thatAKeyIsDrainedIsToldBeside() {
    Run run = runs.run(1, 1);
    Ending done = of(run, Outcome.done());
    assertThat(done.told(run.id(), WriteAnswer.WRITTEN)).containsExactly(done.whenWritten());
    assertThat(done.told(run.id(), WriteAnswer.DRAINED))
        .containsExactly(done.whenWritten(), new PoolEvent.KeyDrained(run.id()));
    assertThat(List.of(WriteAnswer.values()).stream().filter(WriteAnswer::isWritten))
        .containsExactly(WriteAnswer.WRITTEN, WriteAnswer.DRAINED);
  }

  @Test
  void aFailureThatNoAttemptCanMendSetsAsideWhatIsAlone() {
    PermanentFailureException error = new PermanentFailureException("never");
    assertThat(failed(runs.run(1, 1), error).claimEnd())
        .isInstanceOfSatisfying(
            DeadLettered.class, end -> assertThat(end.error()).contains("never"));
    assertThat(failed(runs.run(1, 2), error).claimEnd())
        .as("one of several is looked for, without rest")
        .isInstanceOfSatisfying(Retried.class, end -> assertThat(end.delay()).isZero());
  }

  private Run under(FailurePolicy policy) {
    return runs.run(1, 1, limits -> limits.failurePolicy(policy));
  }

  @Test
  void aPolicyThatFailsOrSaysNothingMeansAnotherAttempt() {
    Exception error = new Exception("why");
    assertThat(failed(under((e, attempt) -> nothing()), error).claimEnd())
        .isInstanceOf(Retried.class);
    FailurePolicy broken =
        (e, attempt) -> {
          throw new IllegalStateException("for the test");
        };
    assertThat(failed(under(broken), error).claimEnd()).isInstanceOf(Retried.class);
    assertThat(failed(under((e, attempt) -> Verdict.PERMANENT), error).claimEnd())
        .isInstanceOf(DeadLettered.class);
  }

  @SuppressWarnings("NullAway")
  private static Verdict nothing() {
    return null;
  }

  @Test
  void aKeyRestsForTheLongerOfItsBackoffAndWhatThePolicySays() {
    Ending longer = failed(under((e, attempt) -> Verdict.RETRY.notBefore(HOUR)), new Exception());
    assertThat(((Retried) longer.claimEnd()).delay()).isEqualTo(HOUR);
    Duration little = Duration.ofMillis(1);
    Ending shorter =
        failed(under((e, attempt) -> Verdict.RETRY.notBefore(little)), new Exception());
    assertThat(((Retried) shorter.claimEnd()).delay())
        .isBetween(JudgedRuns.BACKOFF.dividedBy(2), JudgedRuns.BACKOFF);
  }

  @Test
  void aPauseIsForTheTypeUnlessTheFailureIsOfLongAgo() {
    Run late = under((e, attempt) -> Verdict.RETRY.pausing(HOUR));
    late.decide(new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
    assertThat(failed(late, new Exception("late")).claimEnd()).isInstanceOf(Retried.class);
    assertThat(pauses.isPaused("test")).isFalse();
    assertThat(failed(under((e, attempt) -> Verdict.RETRY), new Exception("plain")).claimEnd())
        .isInstanceOf(Retried.class);
    assertThat(pauses.isPaused("test")).isFalse();

    Run run = under((e, attempt) -> Verdict.RELEASE.notBefore(HOUR).pausing(HOUR));
    Ending given = failed(run, new Exception("busy"));
    assertThat(given.claimEnd()).isEqualTo(new Released(HOUR));
    assertThat(pauses.inWords()).singleElement().asString().endsWith("busy");
  }

  @Test
  void whatIsGivenBackForTooLongCounts() {
    Run run =
        runs.run(
            1, 1, limits -> limits.maxAge(HOUR).failurePolicy((e, attempt) -> Verdict.RELEASE));
    clock.advance(HOUR);
    assertThat(failed(run, new Exception("busy")).claimEnd()).isInstanceOf(Retried.class);
  }

  @Test
  void whatCannotBeDecodedIsSetAsideWithItsErrors() {
    Ending ending =
        endings(text -> text)
            .undecodable(runs.run(1, 2), Map.of(2L, new PermanentFailureException("garbled")));
    assertThat(ending.claimEnd())
        .isInstanceOfSatisfying(
            ClaimEnd.Split.class,
            split -> {
              assertThat(split.done()).isEmpty();
              assertThat(split.dead().get(2L)).contains("garbled");
              assertThat(split.rest()).isNull();
            });
  }

  @Test
  void aLimitIsNamedWithItsTime() {
    Run run =
        runs.run(
            1,
            1,
            limits ->
                limits
                    .timeout(HOUR)
                    .idleTimeout(Duration.ofMinutes(2))
                    .firstProgressTimeout(Duration.ofMinutes(3)));
    assertThat(timeoutText(run, RunEnd.Limit.TIMEOUT))
        .isEqualTo("timeout of PT1H ended the run after PT1S\n  at Host.call");
    assertThat(timeoutText(run, RunEnd.Limit.IDLE_TIMEOUT)).startsWith("idleTimeout of PT2M ");
    assertThat(timeoutText(run, RunEnd.Limit.FIRST_PROGRESS_TIMEOUT))
        .startsWith("firstProgressTimeout of PT3M ");
  }

  private String timeoutText(Run run, RunEnd.Limit limit) {
    Ending ending =
        endings(text -> text).ofTimeout(run, new RunEnd.TimedOut(limit, SECOND), "  at Host.call");
    Retried retried = (Retried) ending.claimEnd();
    assertThat(retried.cause()).isEqualTo(Cause.TIMEOUT);
    return retried.error();
  }

  @Test
  void whatIsStoppedThroughNoFaultOfItsOwnIsGivenBack() {
    Run run = runs.run(1, 1, limits -> limits.maxAttempts(1).backoff(Backoff.standard()));
    Endings endings = endings(text -> text);
    assertThat(endings.ofStop(run, RunEnd.Reason.DRAINED).claimEnd())
        .isEqualTo(new Released(Duration.ZERO));
    assertThat(endings.ofStop(run, RunEnd.Reason.LEASE_LOST).claimEnd())
        .isEqualTo(new Released(Duration.ZERO));
    assertThat(endings.ofStop(run, RunEnd.Reason.NOT_STARTED).claimEnd())
        .isEqualTo(new Released(SECOND));
    assertThat(endings.ofStop(run, RunEnd.Reason.NOT_BEGUN).claimEnd())
        .isEqualTo(new Released(SECOND));
    assertThat(endings.ofStop(run, RunEnd.Reason.CANCELLED).claimEnd())
        .isEqualTo(new DeadLettered(Cause.FAILURE, "it was cancelled by an operator"));
    assertThat(endings.turnedAway(run, "closed").whenWritten())
        .isEqualTo(new PoolEvent.UnitReleased(run.id(), 1, "closed", Duration.ZERO));
    assertThat(endings.ofStoreFailure(run, "down").whenWritten())
        .isEqualTo(new PoolEvent.UnitReleased(run.id(), 1, "down", SECOND));
  }
}
