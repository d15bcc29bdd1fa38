package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.AsyncProcessor;
import io.deriver.FakeStore;
import io.deriver.Gate;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.PoolEvent;
import io.deriver.Processor;
import io.deriver.RunContext;
import io.deriver.TestClock;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Invariants 1 and 4: what a thread does for a run, and whether it may work another. */
class RunBodyTest {

  private final TestClock clock = new TestClock();
  private final FakeStore store = new FakeStore();
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});
  private final Endings endings = TestRuns.endings(clock);
  private final List<String> exits = new ArrayList<>();
  private final List<String> recorded = new ArrayList<>();
  private final RunBody body = body();

  @AfterEach
  void clear() {
    MDC.clear();
    boolean unused = Thread.interrupted();
  }

  private RunBody body() {
    RunReturn returns =
        new RunReturn(runs, abandoned, outcomes, endings, TestRuns.noneAhead(clock));
    ApplyStep apply = new ApplyStep(store, runs, abandoned, outcomes, endings, events, () -> {});
    return new RunBody(
        TestRuns.gates(clock),
        returns,
        new StageRuns(returns, endings, run -> {}),
        endings,
        apply,
        store.codecs(),
        claim -> end -> recorded.add(claim.id().key() + " " + end),
        events);
  }

  private Run run(Work<String> work, String payload, Consumer<Limits.Builder> limits) {
    store.put("a", payload);
    Claim claim = TestRuns.claimed(store);
    Limits.Builder builder = Limits.builder();
    limits.accept(builder);
    Run run =
        new Run(
            claim, new Served<>(ItemType.of("test", String.class), work, builder.build()), clock);
    runs.add(run);
    return run;
  }

  private Run run(Processor<String> processor) {
    return run(new Work.OnThread<>(processor), "payload", limits -> limits.gate(new Told()));
  }

  /** Lets all in and notes how they leave. */
  private final class Told implements Gate {
    @Override
    public Duration enter() {
      return Duration.ZERO;
    }

    @Override
    public void left(Exit how, Duration took, @Nullable Throwable error) {
      exits.add(how + (error == null ? "" : " " + error.getMessage()));
    }
  }

  private ClaimEnd owed() {
    List<PendingWrite> owed = outcomes.take(9);
    assertThat(owed).hasSize(1);
    return owed.get(0).ending().claimEnd();
  }

  @Test
  void aRunThatIsDoneIsNamedInTheLogWhileItRunsToldAndRecorded() throws Exception {
    List<Map<String, String>> named = new ArrayList<>();
    MDC.put("of another", "left over");
    Run run =
        run(
            (unit, context) -> {
              named.add(MDC.getCopyOfContextMap());
              assertThat(unit.payloads()).containsExactly("payload");
              return Outcome.done();
            });
    assertThat(body.work(run)).as("the thread may work another").isTrue();
    assertThat(named)
        .containsExactly(
            Map.of(
                "deriver.type", "test",
                "deriver.key", "a",
                "deriver.attempt", "1",
                "deriver.fence", Long.toString(run.fence())));
    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    assertThat(owed()).isEqualTo(new ClaimEnd.Completed());
    assertThat(exits).containsExactly("DONE");
    assertThat(recorded).containsExactly("a by itself");
    assertThat(run.hasReturned()).isTrue();
    events.start();
    events.stop(Duration.ofSeconds(10));
    assertThat(told).containsExactly(new PoolEvent.RunStarted(run.id(), 1, 1));
  }

  @Test
  void aProcessorThatThrowsFailsItsUnitAndLeavesTheGate() {
    Run run =
        run(
            (unit, context) -> {
              throw new IllegalStateException("no");
            });
    assertThat(body.work(run)).isTrue();
    assertThat(owed()).isInstanceOf(ClaimEnd.Retried.class);
    assertThat(exits).containsExactly("FAILED no");
  }

  @Test
  void aRunThatIsEndedMeanwhileSpoilsItsThread() {
    Run run =
        run(
            (unit, context) -> {
              for (Run live : runs.live()) {
                runs.end(live, new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
              }
              assertThat(context.isCancelled()).isTrue();
              context.throwIfCancelled();
              return Outcome.done();
            });
    assertThat(body.work(run)).isFalse();
    assertThat(outcomes.take(9)).as("the canceller's to hand on").isEmpty();
    assertThat(recorded).containsExactly("a it was cancelled by an operator");
    assertThat(exits).hasSize(1).first().asString().startsWith("FAILED The run of ");
  }

  @Test
  void aThreadThatWasInterruptedWorksNoOther() {
    Run run =
        run(
            (unit, context) -> {
              Thread.currentThread().interrupt();
              return Outcome.done();
            });
    assertThat(body.work(run)).isFalse();
    assertThat(Thread.currentThread().isInterrupted()).as("taken back").isFalse();
  }

  @Test
  void aLiveRunIsNotCancelled() {
    Run run =
        run(
            new Work.OnThread<>(
                (unit, context) -> {
                  context.throwIfCancelled();
                  assertThat(context.isCancelled()).isFalse();
                  try (RunContext.Registration registered = context.onCancel(() -> {})) {
                    assertThat(registered).isNotNull();
                  }
                  return Outcome.done();
                }),
            "payload",
            limits -> {});
    assertThat(body.work(run)).isTrue();
    assertThat(owed()).isEqualTo(new ClaimEnd.Completed());
    assertThat(run.hooks().endedEmpty()).isTrue();
  }

  @Test
  void whatCannotBeDecodedReachesNoGateAndNoProcessor() {
    Run run =
        run(
            new Work.OnThread<>(
                (unit, context) -> {
                  throw new AssertionError("called");
                }),
            "undecodable",
            limits -> limits.gate(new Told()));
    assertThat(body.work(run)).isTrue();
    assertThat(owed()).isInstanceOf(ClaimEnd.Split.class);
    assertThat(run.gatePass()).isNull();
  }

  @Test
  void aStepIsAppliedAndLeavesTheGateFirst() throws Exception {
    Run run = run((unit, context) -> Outcome.apply(new FakeStore.Step(() -> exits.add("applied"))));
    assertThat(body.work(run)).isTrue();
    assertThat(exits).containsExactly("DONE", "applied");
    assertThat(store.isEmpty()).isTrue();
    assertNoneIsLate();
    assertThat(outcomes.unwritten()).isZero();
  }

  private void assertNoneIsLate() throws Exception {
    events.start();
    events.stop(Duration.ofSeconds(10));
    assertThat(told).noneMatch(PoolEvent.LateReturn.class::isInstance);
  }

  private Run inStages(AsyncProcessor<String> processor) {
    return run(new Work.InStages<>(processor), "payload", limits -> limits.gate(new Told()));
  }

  @Test
  void aStageThatIsThereAlreadyEndsTheRunOnItsThread() {
    Run run = inStages((unit, context) -> CompletableFuture.completedFuture(Outcome.done()));
    assertThat(body.work(run)).isTrue();
    assertThat(owed()).isEqualTo(new ClaimEnd.Completed());
    assertThat(exits).containsExactly("DONE");
  }

  @Test
  void aStageThatIsNotThereLetsTheThreadGoAndTheRunLive() {
    CompletableFuture<Outcome> stage = new CompletableFuture<>();
    Run run = inStages((unit, context) -> stage);
    assertThat(body.work(run)).isTrue();
    assertThat(run.thread()).isNull();
    assertThat(run.hasReturned()).isFalse();
    assertThat(run.awaited()).contains("CompletableFuture of its processor");
    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    assertThat(exits).isEmpty();
    stage.complete(Outcome.done());
    assertThat(owed()).isEqualTo(new ClaimEnd.Completed());
    assertThat(exits).containsExactly("DONE");
    assertThat(run.hasReturned()).isTrue();
  }

  @Test
  void aStepOfAStageIsAppliedByTheThreadThatComesForIt() throws Exception {
    CompletableFuture<Outcome> stage = new CompletableFuture<>();
    Run run = inStages((unit, context) -> stage);
    assertThat(body.work(run)).isTrue();
    stage.complete(Outcome.apply(new FakeStore.Step(() -> exits.add("applied"))));
    assertThat(run.step()).isNotNull();
    assertThat(body.work(run)).isTrue();
    assertThat(exits).containsExactly("DONE", "applied");
    assertThat(store.isEmpty()).isTrue();
    assertNoneIsLate();
  }

  @Test
  void aStepOfAStageThatFailsIsAFailureOfItsUnit() {
    CompletableFuture<Outcome> stage = new CompletableFuture<>();
    Run run = inStages((unit, context) -> stage);
    assertThat(body.work(run)).isTrue();
    stage.complete(
        Outcome.apply(
            new FakeStore.Step(
                () -> {
                  throw new IllegalStateException("constraint");
                })));
    assertThat(body.work(run)).isTrue();
    assertThat(owed()).isInstanceOf(ClaimEnd.Retried.class);
  }
}
