package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Cut;
import io.deriver.FailurePolicy;
import io.deriver.FakeStore;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.PoolFixture;
import io.deriver.TestClock;
import io.deriver.internal.flight.RunFlights;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimId;
import io.deriver.spi.StoredItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Invariants 1 and 4: the thread that began an asynchronous run is free for others and left alone,
 * and the run has one outcome, whatever its stage does.
 */
class StageRunsTest {

  private final TestClock clock = new TestClock();
  private final StackSampler stacks = new StackSampler(clock);
  private final List<Run> handedToThreads = new ArrayList<>();
  private Consumer<Run> startThread = handedToThreads::add;
  private CompletableFuture<Outcome> stage = new CompletableFuture<>();
  private final Events events = new Events("test", List.of());
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Endings endings = TestRuns.endings(clock);
  private final Closers closers = new Closers("test", 8, abandoned);
  private final Runs runs = new Runs(outcomes, abandoned, closers::close, () -> {});
  private final RunBody body = body(runs);

  @AfterEach
  void stop() {
    closers.stop();
  }

  private RunBody body(Runs live) {
    RunReturn returns =
        new RunReturn(live, abandoned, outcomes, endings, TestRuns.noneAhead(clock));
    return new RunBody(
        TestRuns.gates(clock),
        returns,
        new StageRuns(returns, endings, run -> startThread.accept(run)),
        endings,
        new ApplyStep(new FakeStore(), live, abandoned, outcomes, endings, events, () -> {}),
        new FakeStore().codecs(),
        RunFlights.NONE,
        events);
  }

  private Run begun() {
    return begun(Limits.builder().build());
  }

  private Run begun(Limits limits) {
    Run run =
        new Run(
            new Claim(
                new ClaimId("test", "a", 1, "node-1"),
                1,
                Claim.Standing.REGULAR,
                List.of(new StoredItem(1, "payload", 1, "", Instant.EPOCH)),
                Cut.NOTHING,
                Duration.ZERO),
            new Served<>(
                ItemType.of("test", String.class),
                new Work.InStages<>((unit, context) -> stage),
                limits),
            clock);
    runs.add(run);
    return run;
  }

  @Test
  void itIsNotInterruptedForTheRunThatItLeft() {
    Run run = begun();
    assertThat(body.work(run)).as("thread is used again").isTrue();
    assertThat(runs.size()).as("slots in use").isEqualTo(1);

    runs.end(run, new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, Duration.ofMinutes(10)));

    PoolFixture.until(() -> stage.isCancelled() && abandoned.count() == 0);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(runs.size()).isZero();
  }

  @Test
  void aThreadThatMayYetBeInterruptedForItIsNotUsedAgain() {
    // Nobody interrupts it, or not yet: whoever ended the run may have looked at its thread.
    Runs uninterrupted = new Runs(outcomes, abandoned, ended -> {}, () -> {});
    Run run = begun();
    stage = odd(callback -> uninterrupted.end(run, new RunEnd.Stopped(RunEnd.Reason.CANCELLED)));

    assertThat(body(uninterrupted).work(run)).as("thread is used again").isFalse();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  /** A stage of the host's own making, which calls back as the test tells it to. */
  private abstract static class OddStage extends CompletableFuture<Outcome> {
    abstract void given(BiConsumer<? super Outcome, ? super @Nullable Throwable> callback);

    @Override
    public CompletableFuture<Outcome> whenComplete(
        BiConsumer<? super Outcome, ? super Throwable> callback) {
      given(callback);
      return this;
    }
  }

  private static OddStage odd(
      Consumer<BiConsumer<? super Outcome, ? super @Nullable Throwable>> given) {
    return new OddStage() {
      @Override
      void given(BiConsumer<? super Outcome, ? super @Nullable Throwable> callback) {
        given.accept(callback);
      }
    };
  }

  @Test
  void oneThatCallsBackTwiceHasOneOutcome() {
    List<BiConsumer<? super Outcome, ? super @Nullable Throwable>> callback = new ArrayList<>();
    stage = odd(callback::add);
    // The policy stands for the moment between the first call and its effect.
    Run run =
        begun(
            Limits.builder()
                .failurePolicy(
                    (error, attempt) -> {
                      callback.get(0).accept(Outcome.done(), null);
                      return FailurePolicy.Verdict.RETRY;
                    })
                .build());
    assertThat(body.work(run)).isTrue();

    callback.get(0).accept(null, new IllegalStateException("first"));
    callback.get(0).accept(Outcome.done(), null);

    assertThat(outcomes.take(10))
        .singleElement()
        .extracting(pending -> pending.write().end())
        .isInstanceOf(ClaimEnd.Retried.class);
    assertThat(runs.size()).isZero();
  }

  @Test
  void oneThatCallsBackTwiceHasItsStepRunOnce() {
    List<BiConsumer<? super Outcome, ? super @Nullable Throwable>> callback = new ArrayList<>();
    stage = odd(callback::add);
    Run run = begun();
    body.work(run);

    callback.get(0).accept(Outcome.apply(new FakeStore.Step(() -> {})), null);
    callback.get(0).accept(Outcome.apply(new FakeStore.Step(() -> {})), null);

    assertThat(handedToThreads).containsExactly(run);
  }

  @Test
  void oneThatCallsBackAndThrowsHasOneOutcome() {
    stage =
        odd(
            callback -> {
              callback.accept(Outcome.done(), null);
              throw new IllegalStateException("for the test");
            });
    Run run = begun();

    assertThat(body.work(run)).isTrue();

    assertThat(outcomes.take(10)).hasSize(1);
    assertThat(runs.size()).isZero();
    assertThat(abandoned.count()).isZero();
  }

  @Test
  void oneThatCallsBackAndKeepsTheThreadIsUnderItsLimitsStill() {
    List<Run> run = new ArrayList<>();
    List<Integer> counted = new ArrayList<>();
    stage =
        odd(
            callback -> {
              callback.accept(Outcome.done(), null);
              runs.end(
                  run.get(0), new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, Duration.ofMinutes(10)));
              counted.add(abandoned.count());
            });
    run.add(begun());

    assertThat(body.work(run.get(0))).as("thread is used again").isFalse();

    assertThat(counted).as("abandoned while the stage keeps the thread").containsExactly(1);
    assertThat(outcomes.take(10)).as("outcomes of its own").isEmpty();
    PoolFixture.until(() -> abandoned.count() == 0);
  }

  @Test
  void aStepThatNoThreadComesToIsNoticedAndNamed() {
    StarvationWatch watch = new StarvationWatch(runs, Duration.ofMinutes(1), clock, events);
    Run run = begun();
    body.work(run);
    clock.advance(Duration.ofMinutes(5));
    stage.complete(Outcome.apply(new FakeStore.Step(() -> {})));

    assertThat(watch.starved()).as("a moment later").isEmpty();
    clock.advance(Duration.ofSeconds(1));

    assertThat(watch.starved()).containsExactly(run);
    assertThat(stacks.take(run)).contains("no thread has come");
    body.work(run);
    assertThat(watch.starved()).isEmpty();
    assertThat(runs.size()).isZero();
  }

  @Test
  void aStepForWhichNoThreadCanBeStartedIsGivenBack() {
    Run run = begun();
    startThread =
        started -> {
          throw new OutOfMemoryError("for the test");
        };
    body.work(run);

    stage.complete(Outcome.apply(new FakeStore.Step(() -> {})));

    assertThat(outcomes.take(10))
        .singleElement()
        .extracting(pending -> pending.write().end())
        .isInstanceOf(ClaimEnd.Released.class);
    assertThat(runs.size()).isZero();
    assertThat(run.hasReturned()).isTrue();
  }
}
