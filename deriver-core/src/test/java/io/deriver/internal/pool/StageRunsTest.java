package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.FakeStore;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.PoolFixture;
import io.deriver.TestClock;
import io.deriver.internal.flight.RunFlights;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimId;
import io.deriver.spi.StoredItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invariant 1: the thread that began an asynchronous run is free for others, and left alone. */
class StageRunsTest {

  private final TestClock clock = new TestClock();
  private final CompletableFuture<Outcome> stage = new CompletableFuture<>();
  private final Events events = new Events("test", List.of());
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Endings endings = new Endings(clock, text -> text, Duration.ofSeconds(1));
  private final Closers closers = new Closers("test", 8, abandoned);
  private final Runs runs = new Runs(outcomes, abandoned, closers::close, () -> {});
  private final RunReturn returns = new RunReturn(runs, abandoned, outcomes, endings);
  private final RunBody body =
      new RunBody(
          returns,
          new StageRuns(returns, endings, run -> {}),
          endings,
          new ApplyStep(new FakeStore(), runs, abandoned, outcomes, endings, events, () -> {}),
          new FakeStore().codecs(),
          RunFlights.NONE,
          events);

  @AfterEach
  void stop() {
    closers.stop();
  }

  private Run begun() {
    Run run =
        new Run(
            new Claim(
                new ClaimId("test", "a", 1, "node-1"),
                1,
                Claim.Standing.REGULAR,
                List.of(new StoredItem(1, "payload", 1, Instant.EPOCH))),
            new Served<>(
                ItemType.of("test", String.class),
                new Work.InStages<>((unit, context) -> stage),
                Limits.builder().build()),
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
}
