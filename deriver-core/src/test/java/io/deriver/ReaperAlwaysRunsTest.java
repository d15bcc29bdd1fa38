package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invariant 2: the reaper runs whatever state the pool is in. */
class ReaperAlwaysRunsTest {

  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    over.countDown();
  }

  private static void reapsThreeTimesMore(PoolFixture fixture) {
    int before = fixture.store.reaps.get();
    PoolFixture.until(() -> fixture.store.reaps.get() >= before + 3);
  }

  private PoolFixture.Builder hanging() {
    return PoolFixture.with(
            (unit, run) -> {
              while (over.getCount() > 0) {
                try {
                  over.await();
                } catch (InterruptedException ignoredOnPurpose) {
                  Thread.interrupted();
                }
              }
              return Outcome.done();
            })
        .settings(p -> p.slots(2));
  }

  @Test
  void firstAtStartUpBeforeAnythingIsClaimed() {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.done())
            .settings(p -> p.pollInterval(Duration.ofHours(1), Duration.ofHours(1)))
            .start()) {
      PoolFixture.until(() -> fixture.store.reaps.get() >= 1);
      assertThat(fixture.store.claims).hasValue(0);
    }
  }

  @Test
  void whileThePoolIsFull() {
    try (PoolFixture fixture =
        hanging().content(s -> s.put("a", "").put("b", "").put("c", "")).start()) {
      PoolFixture.until(() -> fixture.pool.health().live() == 2);
      reapsThreeTimesMore(fixture);
      assertThat(fixture.pool.health().live()).isEqualTo(2);
    }
  }

  @Test
  void whilePaused() {
    try (PoolFixture fixture = hanging().start()) {
      fixture.pool.pause();
      reapsThreeTimesMore(fixture);
    }
  }

  @Test
  void whileSaturated() {
    try (PoolFixture fixture =
        hanging()
            .settings(p -> p.slots(2).maxAbandoned(1))
            .limits(l -> l.timeout(Duration.ofMillis(500)))
            .content(s -> s.put("a", "").put("b", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.events(PoolEvent.Saturated.class).isEmpty());
      reapsThreeTimesMore(fixture);
    }
  }

  @Test
  void whileClaimingFailsOrHangs() {
    try (PoolFixture fixture = hanging().start()) {
      fixture.store.onClaim =
          () -> {
            throw new StoreException("no claims today", null);
          };
      PoolFixture.until(() -> !fixture.events(PoolEvent.DutyFailed.class).isEmpty());
      reapsThreeTimesMore(fixture);
      fixture.store.onClaim = () -> over.await(20, TimeUnit.SECONDS);
      reapsThreeTimesMore(fixture);
    }
  }

  @Test
  void whileWritesAndRenewalsHang() {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.done()).content(s -> s.put("a", "")).build()) {
      fixture.store.onWrite = () -> over.await(20, TimeUnit.SECONDS);
      fixture.store.onRenew = () -> over.await(20, TimeUnit.SECONDS);
      fixture.pool.start();
      PoolFixture.until(() -> fixture.pool.health().unwritten() == 1);
      reapsThreeTimesMore(fixture);
      over.countDown();
    }
  }

  @Test
  void whileDrained() {
    try (PoolFixture fixture = hanging().start()) {
      fixture.pool.drain(Duration.ZERO);
      reapsThreeTimesMore(fixture);
    }
  }

  @Test
  void afterAnyThrowableInAPass() {
    try (PoolFixture fixture = hanging().start()) {
      fixture.store.onReap =
          () -> {
            throw new AssertionError("an Error, not an Exception");
          };
      PoolFixture.until(() -> !fixture.events(PoolEvent.DutyFailed.class).isEmpty());
      fixture.store.onReap = () -> {};
      reapsThreeTimesMore(fixture);
    }
  }
}
