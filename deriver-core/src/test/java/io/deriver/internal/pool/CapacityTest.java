package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Cut;
import io.deriver.Gate;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimId;
import io.deriver.spi.StoredItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invariants 6, 7 and 9: how many keys may be claimed, of eight slots. */
class CapacityTest {

  private final TestClock clock = new TestClock();
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(2, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});
  private final Gates gates = TestRuns.gates(clock);
  private final Breakers breakers = TestRuns.breakers(clock);
  private final PoolSettings settings = TestRuns.settings(2, 5);
  private final Capacity capacity =
      new Capacity(settings, runs, abandoned, outcomes, breakers, gates, clock, events);
  private long fences;

  @BeforeEach
  void start() {
    events.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    events.stop(Duration.ofSeconds(5));
  }

  private Run live(Standing standing) {
    long fence = ++fences;
    Run run =
        TestRuns.of(
            clock,
            new Claim(
                new ClaimId("test", "key" + fence, fence, "node-1"),
                1,
                standing,
                List.of(new StoredItem(fence, "payload", 1, "", Instant.EPOCH)),
                Cut.NOTHING,
                Duration.ZERO));
    runs.add(run);
    return run;
  }

  private void live(int count) {
    for (int i = 0; i < count; i++) {
      live(Standing.REGULAR);
    }
  }

  private Run owed(Standing standing) {
    Run run = live(standing);
    runs.end(run, new RunEnd.ByItself());
    return run;
  }

  @Test
  void asManyAsSlotsAreFreeAndNoMoreThanOutcomesMayWait() {
    assertThat(capacity.keys(0)).as("outcomes that may wait").isEqualTo(5);
    live(4);
    assertThat(capacity.keys(0)).as("free slots").isEqualTo(4);
    owed(Standing.REGULAR);
    owed(Standing.REGULAR);
    assertThat(capacity.keys(0)).as("while two outcomes wait").isEqualTo(3);
    live(4);
    assertThat(capacity.keys(0)).isZero();
  }

  @Test
  void noneAtTheCapOfThreadsThatAreAwayWhichIsToldOnceAndTheWayOutToo() throws Exception {
    Run one = live(Standing.REGULAR);
    Run other = live(Standing.REGULAR);
    runs.end(one, new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
    outcomes.paid(one.fence());
    assertThat(capacity.keys(0)).isPositive();
    runs.end(other, new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
    outcomes.paid(other.fence());
    assertThat(capacity.keys(0)).isZero();
    assertThat(capacity.keys(0)).isZero();
    abandoned.returned(one);
    assertThat(capacity.keys(0)).isPositive();
    assertThat(capacity.keys(0)).isPositive();
    events.stop(Duration.ofSeconds(5));
    assertThat(told)
        .filteredOn(event -> !(event instanceof PoolEvent.LateReturn))
        .hasSize(2)
        .satisfiesExactly(
            event ->
                assertThat(event)
                    .isInstanceOfSatisfying(
                        PoolEvent.Saturated.class, e -> assertThat(e.runs()).hasSize(2)),
            event ->
                assertThat(event)
                    .isInstanceOfSatisfying(
                        PoolEvent.Resumed.class, e -> assertThat(e.abandoned()).isEqualTo(1)));
  }

  @Test
  void aQuarterOfTheSlotsOnProbation() {
    live(Standing.REGULAR);
    assertThat(capacity.probation()).isEqualTo(2);
    live(Standing.PROBATION);
    assertThat(capacity.probation()).isEqualTo(1);
    assertThat(capacity.quotasBind()).isFalse();
    live(Standing.PROBATION);
    live(Standing.PROBATION);
    assertThat(capacity.probation()).isZero();
    assertThat(capacity.quotasBind()).isTrue();
  }

  @Test
  void oneSuspectUntilTheOutcomeOfTheLastIsWritten() {
    live(Standing.REGULAR);
    assertThat(capacity.suspects()).isEqualTo(1);
    Run suspect = owed(Standing.SUSPECT);
    assertThat(capacity.suspects()).isZero();
    assertThat(capacity.quotasBind()).isTrue();
    outcomes.paid(suspect.fence());
    assertThat(capacity.suspects()).isEqualTo(1);
    live(Standing.SUSPECT);
    assertThat(capacity.suspects()).isZero();
  }

  @Test
  void ofATypeAsManyAsItsLimitLeaves() {
    Served<String> three = TestRuns.served(limits -> limits.maxConcurrent(3));
    assertThat(capacity.keys(three)).isEqualTo(3);
    live(2);
    assertThat(capacity.keys(three)).isEqualTo(1);
    live(1);
    assertThat(capacity.keys(three)).isZero();
    assertThat(capacity.keys(TestRuns.served(limits -> {}))).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void oneToAskAGateThatHasTurnedAwayTheLast() {
    Served<String> served = TestRuns.served(limits -> limits.gate(closedGate()));
    assertThat(capacity.keys(served)).isEqualTo(Integer.MAX_VALUE);
    assertThat(gates.refusal(TestRuns.run(clock, limits -> limits.gate(closedGate())))).isNotNull();
    assertThat(capacity.keys(served)).isEqualTo(1);
    Run asking = live(Standing.REGULAR);
    assertThat(capacity.keys(served)).isZero();
    asking.passed(new GatePass(closedGate(), clock));
    assertThat(capacity.keys(served)).as("it was let in").isEqualTo(1);
  }

  private static Gate closedGate() {
    return new Gate() {
      @Override
      public Duration enter() {
        return Duration.ofMinutes(1);
      }

      @Override
      public void left(Exit how, Duration took, @Nullable Throwable error) {}
    };
  }
}
