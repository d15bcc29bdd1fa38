package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Invariant 1: a slot always comes back. Eight of eight slots hang, each in the same way, then 200
 * healthy units come; all of them end.
 */
class HungSlotsTest {

  private static final int SLOTS = 8;
  private static final int HEALTHY = 200;

  private final AtomicBoolean over = new AtomicBoolean();
  private final Semaphore lock = new Semaphore(0);
  private final CompletableFuture<String> never = new CompletableFuture<>();

  enum Shape {
    WAITS_INTERRUPTIBLY,
    SWALLOWS_INTERRUPTS,
    WAITS_UNINTERRUPTIBLY,
    JOINS_A_FUTURE,
    SPINS,
    HANGS_IN_ITS_OWN_CLOSE,
    THROWS_ERRORS
  }

  @AfterEach
  void letGo() {
    over.set(true);
    lock.release(100);
    never.complete("");
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void slotsComeBackWhateverTheCodeDoes(Shape shape) {
    CountDownLatch inside = new CountDownLatch(SLOTS);
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  if (unit.key().startsWith("bad")) {
                    inside.countDown();
                    hang(shape, run);
                  }
                  return Outcome.done();
                })
            .limits(l -> l.timeout(Duration.ofMillis(500)))
            .settings(p -> p.slots(SLOTS))
            .content(s -> put(s, "bad", SLOTS))
            .start()) {
      PoolFixture.until(() -> inside.getCount() == 0);
      put(fixture.store, "good", HEALTHY);
      fixture.store.hintNow();
      PoolFixture.until(() -> fixture.store.written.size() >= SLOTS + HEALTHY);
      // One of those may be the second of a bad key.
      PoolFixture.until(() -> fixture.store.size() <= SLOTS);
      assertThat(fixture.store.size()).isEqualTo(SLOTS);
      PoolFixture.until(() -> fixture.pool.health().live() == 0);
      if (shape != Shape.THROWS_ERRORS) {
        PoolFixture.until(() -> fixture.events(PoolEvent.RunTimedOut.class).size() == SLOTS);
        assertThat(fixture.events(PoolEvent.RunTimedOut.class))
            .allSatisfy(
                e -> {
                  assertThat(e.limit()).isEqualTo("timeout");
                  assertThat(e.stack()).contains("HungSlotsTest.hang");
                });
      }
    }
  }

  private static void put(FakeStore store, String prefix, int count) {
    for (int i = 0; i < count; i++) {
      store.put(prefix + i, prefix);
    }
  }

  @SuppressWarnings("InterruptedExceptionSwallowed")
  private void hang(Shape shape, RunContext run) throws Exception {
    switch (shape) {
      case WAITS_INTERRUPTIBLY -> lock.acquire();
      case SWALLOWS_INTERRUPTS -> {
        while (!over.get()) {
          LockSupport.park();
          Thread.interrupted();
        }
      }
      case WAITS_UNINTERRUPTIBLY -> lock.acquireUninterruptibly();
      case JOINS_A_FUTURE -> never.join();
      case SPINS -> {
        while (!over.get()) {
          Thread.onSpinWait();
        }
      }
      case HANGS_IN_ITS_OWN_CLOSE -> {
        run.onCancel(lock::acquireUninterruptibly);
        never.join();
      }
      case THROWS_ERRORS -> throw new StackOverflowError("too deep");
    }
  }
}
