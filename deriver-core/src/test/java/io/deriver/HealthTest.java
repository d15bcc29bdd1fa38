package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Health.Status;
import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invariant 11: health says what is stuck, for how long, and where. */
class HealthTest {

  private final CountDownLatch over = new CountDownLatch(1);
  private final CompletableFuture<Void> closing = new CompletableFuture<>();

  @AfterEach
  void letGo() {
    over.countDown();
    closing.complete(null);
  }

  private static PoolFixture.Builder done() {
    return PoolFixture.with((unit, run) -> Outcome.done());
  }

  @Test
  void eachDutySaysWhenTheStoreLastAnsweredIt() {
    CountDownLatch atWork = new CountDownLatch(1);
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  atWork.countDown();
                  over.await();
                  return Outcome.done();
                })
            .content(s -> s.put("a", ""))
            .build()) {
      assertThat(fixture.pool.health().duties()).isEmpty();
      fixture.pool.start();
      PoolFixture.until(() -> atWork.getCount() == 0);
      for (String duty : new String[] {"dispatcher", "lease-keeper", "reaper"}) {
        PoolFixture.until(() -> fixture.pool.health().duty(duty).sinceAnswer().isPresent());
      }
      assertThat(fixture.pool.health().duty("outcome-writer").sinceAnswer()).isEmpty();
      over.countDown();
      PoolFixture.until(
          () -> fixture.pool.health().duty("outcome-writer").sinceAnswer().isPresent());
      assertThat(fixture.pool.health().duty("watchdog").sinceAnswer()).isEmpty();
    }
  }

  @Test
  void aPassThatDoesNotEndIsNamedWithItsPlaceAndTheOthersGoOn() {
    try (PoolFixture fixture = done().settings(HealthTest::shortCalls).build()) {
      fixture.store.onReap = over::await;
      fixture.pool.start();
      PoolFixture.until(() -> !fixture.pool.health().duty("reaper").stack().isEmpty());
      Health health = fixture.pool.health();
      assertThat(health.duty("reaper").stack()).contains("FakeStore.reap");
      assertThat(health.duty("reaper").passing()).isGreaterThan(Duration.ofMillis(200));
      assertThat(health.reasons()).anyMatch(reason -> reason.contains("a pass of the reaper"));
      assertThat(health.readiness()).isEqualTo(Status.DEGRADED);
      assertThat(health.liveness()).isEqualTo(Status.UP);
      fixture.store.put("a", "");
      PoolFixture.until(fixture.store::isEmpty);
      over.countDown();
      PoolFixture.until(() -> fixture.pool.health().readiness() == Status.UP);
    }
  }

  @Test
  void aPoolWhoseClaimDoesNotComeBackIsNotReadyAndSaysSo() {
    try (PoolFixture fixture =
        done()
            .settings(p -> shortCalls(p.stallReportInterval(Duration.ofMillis(100))))
            .content(s -> s.put("a", ""))
            .build()) {
      fixture.store.onClaim = over::await;
      fixture.pool.start();
      PoolFixture.until(() -> fixture.pool.health().readiness() == Status.DOWN);
      PoolFixture.until(() -> !fixture.events(PoolEvent.Stalled.class).isEmpty());
      assertThat(fixture.events(PoolEvent.Stalled.class).get(0).why()).contains("dispatcher");
      assertThat(fixture.pool.health().liveness()).isEqualTo(Status.UP);
      over.countDown();
      PoolFixture.until(() -> fixture.pool.health().readiness() == Status.UP);
    }
  }

  private static void shortCalls(Pool.Builder pool) {
    pool.storeTimeout(Duration.ofMillis(50));
  }

  @Test
  void anOutageOfTheStoreAltersReadinessAndNeverLiveness() {
    TestClock clock = new TestClock();
    try (PoolFixture fixture = done().clock(clock).content(s -> s.put("a", "")).build()) {
      FakeStore.Fault down =
          () -> {
            throw new StoreException("connection refused", null);
          };
      fixture.store.onClaim = down;
      fixture.store.onReap = down;
      fixture.store.onProbe = down;
      fixture.store.onRenew = down;
      fixture.store.onWrite = down;
      fixture.pool.start();
      PoolFixture.until(
          () -> {
            clock.advance(Duration.ofMillis(5));
            return fixture.pool.health().readiness() == Status.DOWN;
          });
      for (int minute = 0; minute < 24 * 60; minute += 10) {
        clock.advance(Duration.ofMinutes(10));
        PoolFixture.until(
            () -> Duration.ZERO.equals(fixture.pool.health().duty("watchdog").sinceTick()));
        assertThat(fixture.pool.health().liveness()).isEqualTo(Status.UP);
      }
      fixture.store.onClaim = () -> {};
      fixture.store.onReap = () -> {};
      fixture.store.onProbe = () -> {};
      fixture.store.onRenew = () -> {};
      fixture.store.onWrite = () -> {};
      PoolFixture.until(
          () -> {
            clock.advance(Duration.ofSeconds(1));
            return fixture.pool.health().readiness() == Status.UP;
          });
      PoolFixture.until(fixture.store::isEmpty);
    }
  }

  @Test
  void aThreadThatDoesNotComeBackIsToldOnceWithItsPlace() {
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  closing.join();
                  return Outcome.done();
                })
            .limits(l -> l.timeout(Duration.ofMillis(500)))
            .content(s -> s.put("a", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.events(PoolEvent.RunAbandoned.class).isEmpty());
      int reaps = fixture.store.reaps.get();
      PoolFixture.until(() -> fixture.store.reaps.get() > reaps + 30);
      assertThat(fixture.events(PoolEvent.RunAbandoned.class))
          .singleElement()
          .satisfies(
              e -> {
                assertThat(e.claim().key()).isEqualTo("a");
                assertThat(e.since()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
                assertThat(e.stack()).contains("CompletableFuture.join");
                assertThat(e.abandoned()).isEqualTo(1);
              });
    }
  }

  @Test
  void aSideThreadThatHangsInACloseIsNamedWithItsPlace() {
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  run.onCancel(closing::join);
                  over.await();
                  return Outcome.done();
                })
            .limits(l -> l.timeout(Duration.ofMillis(500)))
            .content(s -> s.put("a", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.events(PoolEvent.LateReturn.class).isEmpty());
      assertThat(fixture.pool.health().abandoned())
          .singleElement()
          .satisfies(
              run -> {
                assertThat(run.key()).isEqualTo("a");
                assertThat(run.stack()).contains("side thread").contains("CompletableFuture.join");
              });
      closing.complete(null);
      PoolFixture.until(() -> fixture.pool.health().abandoned().isEmpty());
    }
  }
}
