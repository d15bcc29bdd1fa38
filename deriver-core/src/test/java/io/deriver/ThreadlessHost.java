package io.deriver;

import io.deriver.spi.ClaimEnd;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A host whose process gets fewer threads than its pool has slots, run as a process of its own by
 * {@link ThreadLimitTest}. Says step by step what it sees.
 */
final class ThreadlessHost {

  static final int SLOTS = 64;

  private ThreadlessHost() {}

  public static void main(String[] args) {
    CompletableFuture<Outcome> end = new CompletableFuture<>();
    AtomicInteger atWork = new AtomicInteger();
    PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  atWork.incrementAndGet();
                  try {
                    return end.join();
                  } finally {
                    atWork.decrementAndGet();
                  }
                })
            .limits(limits -> limits.timeout(Duration.ofHours(1)))
            .settings(settings -> settings.slots(SLOTS))
            .content(
                store -> {
                  for (int i = 0; i < SLOTS; i++) {
                    store.put("k" + i, "payload");
                  }
                })
            .start();
    until(
        () ->
            fixture.store.claimed.get() == SLOTS
                && atWork.get() + fixture.store.written.size() == SLOTS);
    System.out.println("AT WORK " + atWork.get());
    System.out.println("LIVE " + fixture.pool.health().live());
    System.out.println(
        "GIVEN BACK "
            + fixture.store.written.stream()
                .filter(write -> write.end() instanceof ClaimEnd.Released)
                .count());
    until(() -> !fixture.events(PoolEvent.DutyFailed.class).isEmpty());
    System.out.println("SAID " + fixture.events(PoolEvent.DutyFailed.class).get(0));
    end.complete(Outcome.done());
    until(() -> fixture.pool.health().live() == 0);
    // What found no thread is tried again, as often as it takes.
    until(
        () -> {
          fixture.store.ready();
          return fixture.store.isEmpty();
        });
    System.out.println("WORKS AGAIN " + fixture.store.size());
    fixture.close();
  }

  /** Looks on the one thread that there is: Awaitility would ask for another. */
  private static void until(BooleanSupplier condition) {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - giveUp > 0) {
        throw new AssertionError("not within 30 s");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
