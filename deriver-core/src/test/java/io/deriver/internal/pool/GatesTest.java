package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Gate;
import io.deriver.Outcome;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Guards what a gate's answers mean, and that it is told once of each that it let in. */
class GatesTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration BROKEN = Duration.ofSeconds(10);

  private final TestClock clock = new TestClock();
  private final TypePauses pauses = TestRuns.pauses(clock);
  private final Gates gates = new Gates(clock, pauses);
  private final List<String> told = new ArrayList<>();

  /** A gate of this answer, which notes what it is told. */
  private Gate gate(Supplier<@Nullable Duration> answer) {
    return new Gate() {
      @Override
      @SuppressWarnings("NullAway")
      public Duration enter() {
        return answer.get();
      }

      @Override
      public void left(Exit how, Duration took, @Nullable Throwable error) {
        told.add(how + " " + took + " " + (error == null ? "-" : error.getMessage()));
        throw new IllegalStateException("of no meaning");
      }
    };
  }

  private Run run(Supplier<@Nullable Duration> answer) {
    return TestRuns.run(clock, limits -> limits.gate(gate(answer)));
  }

  /** Turned away with this reason, and the type is paused for so long. */
  private void assertTurnedAway(Supplier<@Nullable Duration> answer, Duration paused, String why) {
    Run run = run(answer);
    assertThat(gates.refusal(run)).contains(why);
    assertThat(run.gatePass()).isNull();
    assertThat(gates.isClosed("test")).isTrue();
    assertThat(pauses.untilNext(DAY.multipliedBy(2))).isEqualTo(paused);
    assertThat(pauses.inWords()).singleElement().asString().contains(why);
    clock.advance(paused);
    assertThat(pauses.isPaused("test")).isFalse();
  }

  @Test
  void whatIsNotLetInWaitsAsLongAsTheGateSays() {
    assertTurnedAway(() -> Duration.ofNanos(1), Duration.ofNanos(1), "its gate is closed");
    assertTurnedAway(() -> DAY, DAY, "its gate is closed");
  }

  @Test
  void aGateThatSaysWhatItMayNotIsPassedByForAWhile() {
    assertTurnedAway(() -> DAY.plusNanos(1), BROKEN, "answered PT24H0.000000001S; it must");
    assertTurnedAway(() -> Duration.ofNanos(-1), BROKEN, "answered PT-0.000000001S; it must");
    assertTurnedAway(() -> null, BROKEN, "its gate answered null; it must");
    assertTurnedAway(
        () -> {
          throw new IllegalStateException("for the test");
        },
        BROKEN,
        "its gate failed: java.lang.IllegalStateException: for the test");
  }

  @Test
  void aTypeWithoutAGateIsLetIn() {
    Run run = TestRuns.run(clock, limits -> {});
    assertThat(gates.refusal(run)).isNull();
    assertThat(run.gatePass()).isNull();
    GatePass.leave(run, Outcome.done(), null);
  }

  @Test
  void oneThatIsLetInOpensTheTypeAgain() {
    assertTurnedAway(() -> Duration.ofSeconds(1), Duration.ofSeconds(1), "its gate is closed");
    Run run = run(() -> Duration.ZERO);
    assertThat(gates.refusal(run)).isNull();
    assertThat(run.gatePass()).isNotNull();
    assertThat(gates.isClosed("test")).isFalse();
    assertThat(pauses.inWords()).isEmpty();
  }

  @Test
  void whoIsEndedByForceHasLeftAtOnceAndOnlyOnce() {
    Run run = run(() -> Duration.ZERO);
    assertThat(gates.refusal(run)).isNull();
    clock.advance(Duration.ofSeconds(3));
    run.hooks().fire();
    GatePass.leave(run, Outcome.done(), null);
    assertThat(told).containsExactly("ENDED_BY_FORCE PT3S -");
  }

  @Test
  void howOneLeavesIsWhatItsProcessorCameTo() {
    leave(Outcome.done(), null);
    leave(Outcome.discard("old"), null);
    leave(Outcome.retryAfter(DAY, "busy"), null);
    leave(Outcome.release(DAY, "busy"), null);
    leave(null, new Exception("broken"));
    assertThat(told)
        .containsExactly(
            "DONE PT1S -", "DONE PT1S -", "FAILED PT1S -", "FAILED PT1S -", "FAILED PT1S broken");
  }

  private void leave(@Nullable Outcome outcome, @Nullable Throwable error) {
    Run run = run(() -> Duration.ZERO);
    assertThat(gates.refusal(run)).isNull();
    clock.advance(Duration.ofSeconds(1));
    GatePass.leave(run, outcome, error);
  }
}
