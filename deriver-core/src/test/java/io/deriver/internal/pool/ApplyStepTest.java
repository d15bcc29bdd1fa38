package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.FakeStore;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.StoreException;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Invariants 3 and 4: whatever a step and its commit come to, the unit's end is known or owed. */
class ApplyStepTest {

  private final TestClock clock = new TestClock();
  private final FakeStore store = new FakeStore().put("a", "payload");
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final List<Integer> countedMeanwhile = new ArrayList<>();
  private final AtomicInteger wakes = new AtomicInteger();
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});
  private final ApplyStep steps =
      new ApplyStep(
          store,
          runs,
          abandoned,
          outcomes,
          new Endings(
              clock,
              this::redact,
              Duration.ofSeconds(1),
              TestRuns.pauses(clock),
              TestRuns.breakers(clock)),
          events,
          wakes::incrementAndGet);
  private final Run run = claimed();

  private Run claimed() {
    Claim claim = TestRuns.claimed(store);
    Run claimed = TestRuns.of(clock, claim);
    runs.add(claimed);
    return claimed;
  }

  private String redact(String text) {
    countedMeanwhile.add(abandoned.count());
    return text;
  }

  private boolean apply(Runnable code) throws Exception {
    return steps.run(run, new FakeStore.Step(code));
  }

  private List<PoolEvent> told() throws Exception {
    events.start();
    events.stop(Duration.ofSeconds(10));
    return told;
  }

  private void answering(WriteAnswer answer) {
    store.answers = sound -> List.of(answer);
  }

  @Test
  void whatIsWrittenIsToldAndOwedNoMore() throws Exception {
    answering(WriteAnswer.DRAINED);
    assertThat(apply(() -> clock.advance(Duration.ofSeconds(3)))).isTrue();
    assertThat(outcomes.unwritten()).isZero();
    assertThat(wakes).as("work may follow").hasValue(1);
    assertThat(told())
        .containsExactly(
            new PoolEvent.UnitCompleted(run.id(), 1, 1, Duration.ofSeconds(3)),
            new PoolEvent.KeyDrained(run.id()));
  }

  @Test
  void whatIsRefusedIsSomebodyElses() throws Exception {
    answering(WriteAnswer.REFUSED);
    assertThat(apply(() -> {})).isTrue();
    assertThat(outcomes.unwritten()).isZero();
    assertThat(wakes).hasValue(0);
    assertThat(told()).containsExactly(new PoolEvent.WriteRefused(run.id(), "Apply"));
  }

  private void assertOwed(boolean inDoubt, Class<? extends ClaimEnd> end) {
    assertThat(outcomes.take(9))
        .singleElement()
        .satisfies(
            write -> {
              assertThat(write.inDoubt()).as("in doubt").isEqualTo(inDoubt);
              assertThat(write.ending().claimEnd()).isInstanceOf(end);
            });
    assertThat(runs.size()).as("slots in use").isZero();
  }

  @Test
  void whatIsUndecidedIsGivenBack() throws Exception {
    answering(WriteAnswer.UNDECIDED);
    assertThat(apply(() -> {})).isTrue();
    assertOwed(false, ClaimEnd.Released.class);
  }

  @Test
  void anAnswerThatIsLostLeavesDoubt() throws Exception {
    answering(WriteAnswer.LOST);
    assertThat(apply(() -> {})).isTrue();
    assertOwed(true, ClaimEnd.Released.class);
  }

  @Test
  void aStoreThatFailsUnderTheStepIsNotTheUnitsFault() throws Exception {
    assertThat(apply(this::storeFails)).isTrue();
    assertOwed(false, ClaimEnd.Released.class);
  }

  private void storeFails() {
    throw new StoreException("down", null);
  }

  private static void stepFails() {
    throw new IllegalStateException("constraint");
  }

  @Test
  void aStoreThatFailsAtTheCommitLeavesDoubt() throws Exception {
    store.onCommit = this::storeFails;
    assertThat(apply(() -> {})).isTrue();
    assertOwed(true, ClaimEnd.Released.class);
  }

  @Test
  void aStepThatFailsAtTheCommitCountsAndItsThreadIsCountedWhileItsPolicyIsAsked()
      throws Exception {
    store.onCommit = ApplyStepTest::stepFails;
    assertThat(apply(() -> {})).isTrue();
    assertOwed(true, ClaimEnd.Retried.class);
    assertThat(countedMeanwhile).isNotEmpty().containsOnly(1);
    assertThat(abandoned.count()).isZero();
  }

  @Test
  void aStepThatFailsIsAFailureOfItsRunWhichIsLiveStill() {
    assertThatThrownBy(() -> apply(ApplyStepTest::stepFails)).hasMessage("constraint");
    assertThat(run.end()).isNull();
    assertThat(outcomes.unwritten()).isZero();
  }

  @Test
  void aRunThatWasEndedByForceCompletesNothing() throws Exception {
    RunEnd byForce = new RunEnd.Stopped(RunEnd.Reason.CANCELLED);
    assertThat(apply(() -> runs.end(run, byForce))).isFalse();
    assertThat(store.isEmpty()).isFalse();
    assertThat(run.end()).isEqualTo(byForce);
    assertThat(apply(ApplyStepTest::stepFails)).as("the store is not even asked").isFalse();
    assertThat(store.applies).hasValue(1);
    assertThat(told()).isEmpty();
  }

  @Test
  void aStoreThatFailsUnderARunThatWasEndedIsTold() {
    assertThatThrownBy(
            () ->
                apply(
                    () -> {
                      runs.end(run, new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
                      storeFails();
                    }))
        .isInstanceOf(StoreException.class);
    assertThat(outcomes.take(9)).as("its canceller hands on its outcome").isEmpty();
  }
}
