package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Cut;
import io.deriver.FakeStore;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.TestClock;
import io.deriver.internal.flight.RunFlights;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimId;
import io.deriver.spi.PoolClock;
import io.deriver.spi.Signal;
import io.deriver.spi.StoredItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Invariants 1 and 4: whatever breaks on a run's way, its outcome is owed by somebody, its thread
 * is counted right, and none begins after its end.
 */
class BrokenRunTest {

  private final TestClock clock = new TestClock();
  private final FakeStore store = new FakeStore();
  private final AtomicInteger processed = new AtomicInteger();
  private final Events events = new Events("test", List.of());
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Endings endings = TestRuns.endings(clock);

  private Run run() {
    Served<String> served =
        new Served<>(
            ItemType.of("test", String.class),
            new Work.OnThread<>(
                (unit, run) -> {
                  processed.incrementAndGet();
                  return Outcome.done();
                }),
            Limits.builder().build());
    List<StoredItem> items = List.of(new StoredItem(1, "payload", 1, "", Instant.EPOCH));
    return new Run(
        new Claim(
            new ClaimId("test", "a", 1, "node-1"),
            1,
            Claim.Standing.REGULAR,
            items,
            Cut.NOTHING,
            Duration.ZERO),
        served,
        clock);
  }

  private RunBody body(Runs runs) {
    return body(runs, RunFlights.NONE);
  }

  private RunBody body(Runs runs, RunFlights flights) {
    ApplyStep apply = new ApplyStep(store, runs, abandoned, outcomes, endings, events, () -> {});
    RunReturn returns =
        new RunReturn(runs, abandoned, outcomes, endings, TestRuns.noneAhead(clock));
    StageRuns stages = new StageRuns(returns, endings, run -> {});
    return new RunBody(
        TestRuns.gates(clock), returns, stages, endings, apply, store.codecs(), flights, events);
  }

  @Test
  void oneWhoseThreadComesAfterItsEndDoesNotBegin() {
    Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});
    Run run = run();
    runs.add(run);
    runs.end(run, new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, Duration.ofMinutes(10)));
    assertThat(abandoned.count()).isEqualTo(1);

    assertThat(body(runs).work(run)).as("thread is used again").isFalse();

    assertThat(processed).hasValue(0);
    assertThat(abandoned.count()).isZero();
  }

  @Test
  void oneThatBreaksBeforeItsProcessorIsEndedForThatAtOnce() {
    List<Run> stopped = new ArrayList<>();
    Runs runs = new Runs(outcomes, abandoned, stopped::add, () -> {});
    Run run = run();
    runs.add(run);
    RunFlights broken =
        claim -> {
          throw new InternalError("for the test");
        };

    assertThatThrownBy(() -> body(runs, broken).work(run)).isInstanceOf(InternalError.class);

    assertThat(processed).hasValue(0);
    assertThat(run.end()).isEqualTo(new RunEnd.Stopped(RunEnd.Reason.BROKEN));
    assertThat(runs.size()).as("slots in use").isZero();
    assertThat(stopped).as("for the canceller, who hands on its outcome").containsExactly(run);
    assertThat(outcomes.unwritten()).isEqualTo(1);
    assertThat(abandoned.count()).as("its thread is back").isZero();
  }

  @Test
  void oneThatBreaksBetweenItsEndAndItsOutcomeIsOwed() {
    Runs runs =
        new Runs(
            outcomes,
            abandoned,
            run -> {},
            () -> {
              throw new InternalError("for the test");
            });
    Run run = run();
    runs.add(run);

    assertThatThrownBy(() -> body(runs).work(run)).isInstanceOf(InternalError.class);

    assertThat(processed).hasValue(1);
    assertThat(runs.size()).as("slots in use").isZero();
    assertThat(abandoned.count()).isZero();
    assertThat(outcomes.take(10))
        .singleElement()
        .satisfies(pending -> assertThat(pending.inDoubt()).isTrue())
        .extracting(pending -> pending.write().end())
        .isInstanceOf(ClaimEnd.Retried.class);
  }

  @Test
  void oneWhoseStackCannotBeTakenIsHandedOnNevertheless() {
    Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});
    Closers closers = new Closers("test", 8, abandoned);
    AtomicInteger readings = new AtomicInteger();
    StackSampler stacks = new StackSampler(brokenAfter(readings, 1));
    Canceller canceller = new Canceller(stacks, endings, outcomes, closers, clock, events);
    Run run = run();
    runs.add(run);
    run.startedOn(new Thread());
    runs.end(run, new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, Duration.ofMinutes(10)));
    canceller.take(run);

    canceller.run();

    assertThat(readings).as("the stack was asked for").hasValue(2);
    assertThat(outcomes.take(10)).hasSize(1);
    closers.stop();
  }

  private PoolClock brokenAfter(AtomicInteger readings, int sound) {
    return new PoolClock() {
      @Override
      public long nanoTime() {
        if (readings.incrementAndGet() > sound) {
          throw new InternalError("for the test");
        }
        return clock.nanoTime();
      }

      @Override
      public void await(Signal signal, long untilNanos) {
        throw new UnsupportedOperationException();
      }
    };
  }
}
