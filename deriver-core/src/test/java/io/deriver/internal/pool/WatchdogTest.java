package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolEvent;
import io.deriver.TestClock;
import io.deriver.ZombiePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invariants 1, 4, 8 and 10: what one tick of the watchdog ends, puts right and lets go. */
class WatchdogTest {

  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration LEASE = Duration.ofSeconds(34);
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final TestClock clock = new TestClock();
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final Outcomes outcomes = new Outcomes(GRACE, () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final List<Run> stopped = new ArrayList<>();
  private final Runs runs = new Runs(outcomes, abandoned, stopped::add, () -> {});
  private final LeaseProof lease = new LeaseProof(LEASE, clock);
  private final Watchdog watchdog = new Watchdog(runs, outcomes, lease, clock, events);

  @BeforeEach
  void start() {
    events.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    events.stop(Duration.ofSeconds(5));
  }

  private Run live(long fence) {
    Run run = TestRuns.run(clock, fence, limits -> limits.timeout(TIMEOUT));
    runs.add(run);
    return run;
  }

  @Test
  void itLooksTwentyTimesASecond() {
    assertThat(watchdog.run()).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void aRunThatIsOverItsLimitEndsForThatAndTheOthersGoOn() {
    Run old = live(1);
    clock.advance(TIMEOUT.minus(Duration.ofSeconds(1)));
    lease.provenAt(clock.nanoTime());
    Run young = live(2);
    clock.advance(Duration.ofSeconds(1));
    watchdog.run();
    assertThat(old.end()).isEqualTo(new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, TIMEOUT));
    assertThat(young.end()).isNull();
    assertThat(runs.live()).containsExactly(young);
  }

  @Test
  void allEndWhenTheLeaseHasExpiredAndThisIsToldOnce() throws Exception {
    Run one = live(1);
    Run other = live(2);
    clock.advance(LEASE.minusNanos(1));
    watchdog.run();
    assertThat(runs.size()).isEqualTo(2);
    clock.advance(Duration.ofNanos(1));
    watchdog.run();
    RunEnd lost = new RunEnd.Stopped(RunEnd.Reason.LEASE_LOST);
    assertThat(one.end()).isEqualTo(lost);
    assertThat(other.end()).isEqualTo(lost);
    assertThat(runs.size()).isZero();

    watchdog.run();
    events.stop(Duration.ofSeconds(5));
    assertThat(told)
        .singleElement()
        .isInstanceOfSatisfying(
            PoolEvent.LeaseLost.class,
            event -> {
              assertThat(event.runsCancelled()).isEqualTo(2);
              assertThat(event.reason()).endsWith("PT34S");
            });
  }

  @Test
  void aRunThatWasEndedAndKeptItsSlotIsPutRight() {
    Run run = live(1);
    run.decide(new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, TIMEOUT));
    watchdog.run();
    assertThat(runs.size()).as("slots in use").isZero();
    assertThat(outcomes.unwritten()).as("owed").isEqualTo(1);
    assertThat(stopped).as("for the canceller").containsExactly(run);
    assertThat(abandoned.count()).isEqualTo(1);
  }

  @Test
  void keysAreLetGoWhenTheyWereHeldForTheirTime() {
    Run run =
        TestRuns.run(
            clock, 1, limits -> limits.zombiePolicy(ZombiePolicy.hold(Duration.ofHours(1))));
    Endings endings =
        new Endings(
            clock, text -> text, Duration.ZERO, TestRuns.pauses(clock), TestRuns.breakers(clock));
    outcomes.owe(run);
    outcomes.hold(
        run,
        endings.ofStop(run, RunEnd.Reason.CANCELLED),
        clock.nanoTime() + Duration.ofMinutes(1).toNanos());
    clock.advance(Duration.ofMinutes(1).minusNanos(1));
    watchdog.run();
    assertThat(outcomes.take(1)).isEmpty();
    clock.advance(Duration.ofNanos(1));
    watchdog.run();
    assertThat(outcomes.take(1)).hasSize(1);
  }

  @Test
  void anOutcomeThatGotLostIsNotOwedForEver() {
    outcomes.owe(TestRuns.run(clock, limits -> limits.timeout(TIMEOUT)));
    clock.advance(TIMEOUT.plus(GRACE).plus(GRACE));
    watchdog.run();
    assertThat(outcomes.unwritten()).isEqualTo(1);
    clock.advance(Duration.ofNanos(1));
    watchdog.run();
    assertThat(outcomes.unwritten()).isZero();
  }
}
