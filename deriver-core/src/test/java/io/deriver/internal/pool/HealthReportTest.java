package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.FakeStore;
import io.deriver.Health;
import io.deriver.Health.Status;
import io.deriver.PoolFixture;
import io.deriver.TestClock;
import io.deriver.spi.ClaimEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Invariant 11: health says what no pool that is well can be made to show. */
class HealthReportTest {

  private final TestClock clock = new TestClock();
  private final FakeStore store = new FakeStore();
  private final Rooms rooms =
      new Rooms(
          TestRuns.settings(64, 100),
          store,
          store,
          List.of(TestRuns.served(limits -> {})),
          new Engine.HostHooks(List.of(), text -> text, () -> {}, false),
          clock,
          new Events("test", List.of()));

  private Health health() {
    return new HealthReport(TestRuns.settings(64, 100), store, rooms, clock).read();
  }

  @Test
  void aPoolToWhichNothingHappenedIsUp() {
    assertThat(health().readiness()).isEqualTo(Status.UP);
    assertThat(health().reasons()).isEmpty();
  }

  @Test
  void aDutyThatRestsIsNotStuckHoweverLongItRests() {
    rooms.duties().forEach(Duty::once);
    clock.advance(Duration.ofSeconds(30));
    assertThat(health().duties())
        .hasSize(7)
        .allSatisfy(
            duty -> {
              assertThat(duty.passing()).isZero();
              assertThat(duty.sinceTick()).isEqualTo(Duration.ofSeconds(30));
            });
    assertThat(health().readiness()).isEqualTo(Status.UP);
  }

  @Test
  void runsThatNoThreadComesToDegradeIt() {
    Run begun = TestRuns.run(clock, 1, limits -> {});
    begun.startedOn(new Thread());
    rooms.runs().add(begun);
    rooms.runs().add(TestRuns.run(clock, 2, limits -> {}));
    clock.advance(Duration.ofSeconds(1));
    assertThat(health().readiness()).isEqualTo(Status.DEGRADED);
    assertThat(health().liveness()).isEqualTo(Status.UP);
    assertThat(health().reasons())
        .singleElement()
        .asString()
        .startsWith("1 runs were started and no thread has come to them");
  }

  @Test
  void aWatchdogThatDoesNotTickTakesLivenessDown() {
    clock.advance(Duration.ofSeconds(30));
    assertThat(health().liveness()).isEqualTo(Status.UP);
    clock.advance(Duration.ofNanos(1));
    assertThat(health().liveness()).isEqualTo(Status.DOWN);
    assertThat(health().readiness()).isEqualTo(Status.DOWN);
    assertThat(health().reasons()).anyMatch(reason -> reason.contains("watchdog"));
  }

  @Test
  void askingForItUsesUpNoStackOfARunThatIsEnded() {
    CountDownLatch over = new CountDownLatch(1);
    Thread thread = Threads.daemon("at-work", () -> awaitQuietly(over));
    thread.start();
    PoolFixture.until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    Run run = TestRuns.run(clock, limits -> {});
    run.startedOn(thread);
    rooms.runs().add(run);
    for (int i = 0; i < 50; i++) {
      health();
    }
    assertThat(health().longest().get(0).stack()).contains("no stack");

    rooms.runs().end(run, new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, Duration.ofMinutes(10)));
    Duty canceller =
        rooms.duties().stream()
            .filter(duty -> duty.name().equals(Rooms.CANCELLER))
            .findFirst()
            .orElseThrow();
    canceller.once();

    assertThat(rooms.outcomes().take(1).get(0).write().end())
        .isInstanceOfSatisfying(
            ClaimEnd.Retried.class,
            end -> assertThat(end.error()).contains("HealthReportTest").doesNotContain("no stack"));
    over.countDown();
  }

  // Deaf to interrupts, so that it is still there when its stack is taken.
  private static void awaitQuietly(CountDownLatch over) {
    while (over.getCount() > 0) {
      LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(1));
    }
  }

  @Test
  void everyAbandonedRunIsNamed() {
    for (long fence = 1; fence <= 40; fence++) {
      Run run = TestRuns.run(clock, fence, limits -> {});
      rooms.runs().add(run);
      rooms.runs().end(run, new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
    }
    assertThat(health().abandoned()).hasSize(40);
    assertThat(health().readiness()).isEqualTo(Status.DEGRADED);
  }
}
