package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.TestClock;
import io.deriver.ZombiePolicy;
import io.deriver.spi.Claim.Standing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Invariants 4 and 10: what is held is owed for as long, and may still be written afterwards. */
class OutcomesTest {

  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final Duration HOLD = Duration.ofHours(1);

  private final TestClock clock = new TestClock();
  private final Outcomes outcomes = new Outcomes(GRACE, () -> {});
  private final Endings endings = TestRuns.endings(clock);

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

  private Run held(long fence) {
    Run run =
        TestRuns.run(
            clock, fence, limits -> limits.timeout(TIMEOUT).zombiePolicy(ZombiePolicy.hold(HOLD)));
    outcomes.owe(run);
    outcomes.hold(run, stopped(run), clock.nanoTime() + HOLD.toNanos());
    return run;
  }

  private Ending stopped(Run run) {
    return endings.ofStop(run, RunEnd.Reason.CANCELLED);
  }

  @Test
  void whatIsOnceMoreOwedAfterItWasPaidIsNotOwed() {
    Run run = TestRuns.run(clock, limits -> {});
    outcomes.owe(run);
    outcomes.owe(run);
    assertThat(outcomes.unwritten()).isEqualTo(1);
    outcomes.paid(run.fence());
    assertThat(outcomes.unwritten()).isZero();
    // As the watchdog does when it settles a run that was settled half.
    outcomes.owe(run);
    assertThat(outcomes.unwritten()).as("else its key is never looked for again").isZero();
  }

  @Test
  void aKeyWhoseThreadHasReturnedBeforeItIsHeldIsNotHeld() {
    Run run = TestRuns.run(clock, limits -> {});
    outcomes.owe(run);
    run.markReturned();
    outcomes.hold(run, stopped(run), clock.nanoTime() + HOLD.toNanos());
    assertThat(outcomes.take(2)).hasSize(1);
    assertThat(outcomes.waiting()).isEqualTo(1);
  }

  @Test
  void aKeyIsLetGoOnceWhoeverLetsItGo() {
    Run run = held(1);
    outcomes.stopHolding(run);
    outcomes.stopHolding(run);
    outcomes.stopHoldingAll();
    clock.advance(HOLD);
    outcomes.stopHoldingUntil(clock.nanoTime());
    assertThat(outcomes.take(10)).hasSize(1);
  }

  @Test
  void aKeyThatCouldNotBeLetGoIsLetGoNextTime() {
    AtomicBoolean broken = new AtomicBoolean(true);
    Outcomes breaking =
        new Outcomes(
            GRACE,
            () -> {
              if (broken.get()) {
                throw new InternalError("for the test");
              }
            });
    Run run = TestRuns.run(clock, limits -> {});
    breaking.owe(run);
    breaking.hold(run, stopped(run), clock.nanoTime());
    assertThatThrownBy(breaking::stopHoldingAll).isInstanceOf(InternalError.class);
    assertThat(breaking.waiting()).as("held").isZero();
    broken.set(false);
    breaking.stopHoldingAll();
    assertThat(breaking.waiting()).isEqualTo(1);
  }

  @Test
  void aDrainLetsGoOfAll() {
    held(1);
    held(2);
    outcomes.stopHoldingAll();
    assertThat(outcomes.take(10)).hasSize(2);
  }

  @Test
  void whatIsHeldIsOwedAndDoesNotWaitForTheStore() {
    Run run = held(1);
    assertThat(outcomes.unwritten()).isEqualTo(1);
    assertThat(outcomes.waiting()).isZero();
    assertThat(outcomes.waiting(Standing.REGULAR)).isZero();
    outcomes.stopHolding(run);
    assertThat(outcomes.waiting()).isEqualTo(1);
    assertThat(outcomes.waiting(Standing.REGULAR)).isEqualTo(1);
    assertThat(outcomes.waiting(Standing.SUSPECT)).isZero();
  }

  @Test
  void whatGotLostOnItsWayIsForgottenOnceItsClaimIsTheReapers() {
    outcomes.owe(TestRuns.run(clock, limits -> limits.timeout(TIMEOUT)));
    clock.advance(TIMEOUT.plus(GRACE).plus(GRACE));
    outcomes.forgetTheLost(clock.nanoTime());
    assertThat(outcomes.unwritten()).isEqualTo(1);
    clock.advance(Duration.ofNanos(1));
    outcomes.forgetTheLost(clock.nanoTime());
    assertThat(outcomes.unwritten()).isZero();
  }

  @Test
  void noMoreAreTakenThanAreAskedForAndTheWriterIsWokenForEach() {
    AtomicInteger woken = new AtomicInteger();
    Outcomes waking = new Outcomes(GRACE, woken::incrementAndGet);
    for (long fence = 1; fence <= 3; fence++) {
      Run run = TestRuns.run(clock, fence, limits -> {});
      waking.submit(run, stopped(run));
      assertThat(woken).hasValue((int) fence);
    }
    assertThat(waking.take(0)).isEmpty();
    assertThat(waking.take(2)).extracting(PendingWrite::fence).containsExactly(1L, 2L);
    assertThat(waking.take(2)).extracting(PendingWrite::fence).containsExactly(3L);
  }
}
