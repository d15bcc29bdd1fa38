package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolFixture;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invariant 9: side threads are bounded, and a run counts only while it has one. */
class ClosersTest {

  private final TestClock clock = new TestClock();
  private final Events events = new Events("test", List.of());
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Closers closers = new Closers("test", 1, abandoned);
  private final CompletableFuture<Void> never = new CompletableFuture<>();

  @AfterEach
  void letGo() {
    never.complete(null);
    closers.stop();
  }

  private Run run(long fence, AutoCloseable hook) {
    Run run = TestRuns.run(clock, fence, limits -> {});
    run.onCancel(hook);
    return run;
  }

  @Test
  void whatIsRegisteredWhenAllIsOverIsClosedAtOnce() {
    Run run = TestRuns.run(clock, limits -> {});
    run.decide(new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
    run.markReturned();
    closers.close(run);
    assertThat(abandoned.count()).as("no side thread is needed").isZero();

    CompletableFuture<Void> closed = new CompletableFuture<>();
    run.onCancel(() -> closed.complete(null));
    assertThat(closed).isDone();
  }

  @Test
  void oneForWhichThereIsNoSideThreadIsNotCounted() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    closers.close(run(1, never::join));
    closers.close(run(2, () -> closed.complete(null)));
    assertThat(abandoned.all()).extracting(Run::fence).containsExactly(1L);
    assertThat(closed).isNotDone();

    never.complete(null);
    PoolFixture.until(() -> abandoned.count() == 0);
  }

  @Test
  void aSideThreadIsTheRunsOnlyWhileItClosesForIt() {
    CompletableFuture<Thread> closing = new CompletableFuture<>();
    Run run =
        run(
            1,
            () -> {
              closing.complete(Thread.currentThread());
              never.join();
            });
    closers.close(run);
    PoolFixture.until(closing::isDone);
    assertThat(run.closer()).isSameAs(closing.join());
    assertThat(abandoned.count()).isEqualTo(1);

    never.complete(null);
    PoolFixture.until(() -> abandoned.count() == 0);
    assertThat(run.closer()).as("else it is named where another run's close hangs").isNull();
  }

  @Test
  void aCloseThatThrowsIsOver() {
    Run run =
        run(
            1,
            () -> {
              throw new InternalError("for the test");
            });
    closers.close(run);
    PoolFixture.until(() -> abandoned.count() == 0);
    assertThat(run.closer()).isNull();
  }

  /** An interrupt runs host code: it closes the channel in which the thread waits. */
  @Test
  void anInterruptThatThrowsKeepsNothingFromBeingClosed() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Run run = run(1, () -> closed.complete(null));
    run.startedOn(
        new Thread() {
          @Override
          public void interrupt() {
            throw new IllegalStateException("for the test");
          }
        });
    closers.close(run);
    PoolFixture.until(() -> abandoned.count() == 0);
    assertThat(closed).isDone();
    assertThat(run.closer()).isNull();
  }
}
