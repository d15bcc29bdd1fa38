package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Health.Status;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.PoolClock;
import io.deriver.spi.Signal;
import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Drain and close, and what a pool refuses at the wrong time of its life. */
class DrainTest {

  private final CountDownLatch over = new CountDownLatch(1);
  private final CompletableFuture<Outcome> never = new CompletableFuture<>();

  @AfterEach
  void letGo() {
    over.countDown();
    never.complete(Outcome.done());
  }

  @Test
  void liveRunsEndInTimeAndNothingMoreIsClaimed() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  over.await();
                  return Outcome.done();
                })
            .content(s -> s.put("a", "").put("b", ""))
            .start()) {
      PoolFixture.until(() -> fixture.pool.health().live() == 2);
      Future<DrainReport> report = executor.submit(() -> fixture.pool.drain(Duration.ofMinutes(1)));
      PoolFixture.until(() -> fixture.pool.health().readiness() == Status.DOWN);
      fixture.store.put("c", "");
      fixture.store.hintNow();
      over.countDown();
      assertThat(report.get()).isEqualTo(new DrainReport(2, 0, 0, 0));
      assertThat(fixture.store.written).hasSize(2);
      assertThat(fixture.store.size()).as("c is still there").isEqualTo(1);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void aClaimUnderWayIsWaitedForAndGivenBack() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    CountDownLatch claimed = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(1);
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.done())
            .clock(tellingWhoWaits("drainer", waiting))
            .content(s -> s.put("a", ""))
            .build()) {
      fixture.store.afterClaim =
          () -> {
            claimed.countDown();
            over.await();
          };
      fixture.pool.start();
      claimed.await();
      Future<DrainReport> report =
          executor.submit(
              () -> {
                Thread.currentThread().setName("drainer");
                return fixture.pool.drain(Duration.ofMinutes(1));
              });
      PoolFixture.until(() -> report.isDone() || waiting.getCount() == 0);
      over.countDown();
      assertThat(report.get().unwritten()).isZero();
      assertThat(fixture.store.endsOf("a")).containsExactly(new ClaimEnd.Released(Duration.ZERO));
    } finally {
      executor.shutdownNow();
    }
  }

  private static PoolClock tellingWhoWaits(String thread, CountDownLatch waiting) {
    PoolClock system = PoolClock.system();
    return new PoolClock() {
      @Override
      public long nanoTime() {
        return system.nanoTime();
      }

      @Override
      public void await(Signal signal, long untilNanos) throws InterruptedException {
        if (Thread.currentThread().getName().equals(thread)) {
          waiting.countDown();
        }
        system.await(signal, untilNanos);
      }
    };
  }

  @Test
  void whatIsLeftIsReleasedUncountedWhetherItLetsGoOrNot() {
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  if (unit.key().equals("kind")) {
                    over.await();
                  }
                  return never.join();
                })
            .content(s -> s.put("kind", "").put("deaf", ""))
            .start()) {
      PoolFixture.until(() -> fixture.pool.health().live() == 2);
      DrainReport report = fixture.pool.drain(Duration.ofMillis(50));
      assertThat(report.released()).isEqualTo(2);
      assertThat(report.ended()).isZero();
      assertThat(report.unwritten()).isZero();
      assertThat(fixture.store.written)
          .hasSize(2)
          .allSatisfy(
              write -> assertThat(write.end()).isEqualTo(new ClaimEnd.Released(Duration.ZERO)));
    }
  }

  @Test
  void keysThatWouldBeHeldAreReleasedToo() {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> never.join())
            .limits(l -> l.zombiePolicy(ZombiePolicy.hold(Duration.ofHours(1))))
            .content(s -> s.put("a", "").put("b", ""))
            .start()) {
      PoolFixture.until(() -> fixture.pool.health().live() == 2);
      assertThat(fixture.pool.drain(Duration.ZERO)).isEqualTo(new DrainReport(0, 2, 2, 0));
      assertThat(fixture.store.written)
          .hasSize(2)
          .allSatisfy(
              write -> assertThat(write.end()).isEqualTo(new ClaimEnd.Released(Duration.ZERO)));
    }
  }

  @Test
  void anInterruptOfTheCallerGivesTheClaimsBackAtOnceAndStaysSet() throws Exception {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> never.join())
            .settings(p -> p.closeTimeout(Duration.ofHours(1)))
            .content(s -> s.put("a", "").put("b", ""))
            .start()) {
      PoolFixture.until(() -> fixture.pool.health().live() == 2);
      CompletableFuture<Boolean> staysSet = new CompletableFuture<>();
      Thread closing =
          new Thread(
              () -> {
                fixture.pool.close();
                staysSet.complete(Thread.currentThread().isInterrupted());
              });
      closing.start();
      closing.interrupt();
      PoolFixture.until(staysSet::isDone);
      assertThat(staysSet.get()).isTrue();
      assertThat(fixture.store.written)
          .hasSize(2)
          .allSatisfy(
              write -> assertThat(write.end()).isEqualTo(new ClaimEnd.Released(Duration.ZERO)));
    }
  }

  @Test
  void closeIsBoundedWithEverySlotHungAndEveryStoreCallHung() {
    long began = System.nanoTime();
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> never.join())
            .settings(p -> p.storeTimeout(Duration.ofMillis(200)))
            .content(s -> s.put("a", "").put("b", ""))
            .start()) {
      PoolFixture.until(() -> fixture.pool.health().live() == 2);
      fixture.store.onWrite = over::await;
      fixture.store.onRenew = over::await;
      fixture.store.onReap = over::await;
      fixture.store.onClaim = over::await;
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void aPoolStartsOnceAndEndsOnce() {
    PoolFixture fixture = PoolFixture.with((unit, run) -> Outcome.done()).build();
    assertThatThrownBy(() -> fixture.pool.drain(Duration.ZERO))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'deriver' is not started");
    assertThat(fixture.pool.health().readiness()).isEqualTo(Status.DOWN);
    fixture.pool.start();
    assertThatThrownBy(fixture.pool::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'deriver' was started before");
    fixture.pool.close();
    fixture.pool.close();
    assertThatThrownBy(fixture.pool::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'deriver' is closed");
    assertThatThrownBy(fixture.pool::pause).hasMessageContaining("'deriver' is closed");
    assertThat(fixture.pool.health().reasons()).containsExactly("the pool is closed");
  }

  @Test
  void aPoolWhoseStoreIsDownAtStartCanBeStartedAgain() {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.done()).content(s -> s.put("a", "")).build()) {
      fixture.store.onJoin =
          () -> {
            throw new StoreException("cannot reach it", null);
          };
      assertThatThrownBy(fixture.pool::start)
          .isInstanceOf(StoreException.class)
          .hasMessage("cannot reach it");
      fixture.store.onJoin = () -> {};
      fixture.pool.start();
      PoolFixture.until(fixture.store::isEmpty);
    }
  }

  @Test
  void aStartThatFailsHalfwayLeavesNoThread() {
    PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.done()).settings(p -> p.name("halfway")).build();
    fixture.store.onNodeId =
        () -> {
          throw new StoreException("cannot say", null);
        };
    assertThatThrownBy(fixture.pool::start).isInstanceOf(StoreException.class);
    PoolFixture.until(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("deriver-halfway-")));
  }
}
