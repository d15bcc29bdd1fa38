package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.TestClock;
import io.deriver.ZombiePolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Invariants 4 and 10: what is held is owed for as long, and may still be written afterwards. */
class OutcomesTest {

  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final Duration HOLD = Duration.ofHours(1);

  private final TestClock clock = new TestClock();
  private final Outcomes outcomes = new Outcomes(GRACE, () -> {});
  private final Endings endings =
      new Endings(
          clock,
          text -> text,
          Duration.ofSeconds(1),
          TestRuns.pauses(clock),
          TestRuns.breakers(clock));

  @Test
  void whatIsHeldIsOwedUntilTheGraceBehindTheHoldIsOver() {
    Run run =
        TestRuns.run(
            clock, limits -> limits.timeout(TIMEOUT).zombiePolicy(ZombiePolicy.hold(HOLD)));
    clock.advance(TIMEOUT);
    outcomes.owe(run);
    outcomes.hold(
        run, endings.ofStop(run, RunEnd.Reason.CANCELLED), clock.nanoTime() + HOLD.toNanos());

    clock.advance(HOLD.minusNanos(1));
    outcomes.stopHoldingUntil(clock.nanoTime());
    outcomes.forgetTheLost(clock.nanoTime());
    assertThat(outcomes.unwritten()).as("else its claim is given back as a stray").isEqualTo(1);
    assertThat(outcomes.take(1)).isEmpty();

    clock.advance(Duration.ofNanos(1));
    outcomes.stopHoldingUntil(clock.nanoTime());
    outcomes.forgetTheLost(clock.nanoTime());
    assertThat(outcomes.unwritten()).isEqualTo(1);
    List<PendingWrite> writes = outcomes.take(2);
    assertThat(writes).hasSize(1);
    assertThat(writes.get(0).lateAfter() - clock.nanoTime())
        .as("time to write it")
        .isEqualTo(GRACE.toNanos());
  }
}
