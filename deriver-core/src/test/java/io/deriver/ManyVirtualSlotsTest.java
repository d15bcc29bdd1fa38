package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Invariant 1 with a thousand slots on virtual threads, all of them hung at once: they are back
 * within their timeout and a second, whether or not an interrupt frees their threads.
 */
class ManyVirtualSlotsTest {

  private static final int SLOTS = 1_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** The promise is a second; a machine that is busy with other things may take this long. */
  private static final Duration BOUND = Duration.ofSeconds(10);

  @ParameterizedTest(name = "an interrupt frees the thread: {0}")
  @ValueSource(booleans = {true, false})
  void allComeBack(boolean interruptFrees) throws Exception {
    assumeTrue(
        Runtime.version().feature() >= 21,
        "virtual threads need Java 21; this is " + Runtime.version().feature());
    CountDownLatch begun = new CountDownLatch(SLOTS);
    AtomicLong claimed = new AtomicLong();
    CompletableFuture<Outcome> never = new CompletableFuture<>();
    long before = usedHeap();
    PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  begun.countDown();
                  return interruptFrees ? never.get() : never.join();
                })
            .limits(l -> l.timeout(TIMEOUT).backoff(new Backoff(TIMEOUT, TIMEOUT)))
            .settings(p -> p.slots(SLOTS).maxAbandoned(SLOTS + 1).virtualThreads(true))
            .content(
                s -> {
                  s.afterClaim =
                      () -> {
                        if (s.claimed.get() == SLOTS) {
                          claimed.compareAndSet(0, System.nanoTime());
                        }
                      };
                  for (int i = 0; i < SLOTS; i++) {
                    s.put("k" + i, "");
                  }
                })
            .start();
    try (fixture) {
      assertThat(begun.await(60, TimeUnit.SECONDS)).as("all run at once").isTrue();
      long hung = usedHeap() - before;
      PoolFixture.until(() -> fixture.pool.health().live() == 0);
      Duration back = Duration.ofNanos(System.nanoTime() - claimed.get());
      System.out.printf(
          "%d slots hung on virtual threads, freed by an interrupt: %s; back after %d ms, timeout"
              + " %d ms; heap while hung %d KiB, %d KiB each%n",
          SLOTS,
          interruptFrees,
          back.toMillis(),
          TIMEOUT.toMillis(),
          hung >> 10,
          (hung >> 10) / SLOTS);
      assertThat(back).isBetween(TIMEOUT, TIMEOUT.plus(BOUND));
      if (interruptFrees) {
        PoolFixture.until(() -> fixture.pool.health().abandoned().isEmpty());
      } else {
        assertThat(fixture.pool.health().abandoned()).hasSize(SLOTS);
        never.complete(Outcome.done());
        PoolFixture.until(() -> fixture.pool.health().abandoned().isEmpty());
      }
      PoolFixture.until(() -> fixture.store.written.size() == SLOTS);
    } finally {
      never.complete(Outcome.done());
    }
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
