package io.deriver.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Backoff;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.testkit.pool.PoolTime;
import io.deriver.testkit.store.InMemoryWorkStore;
import io.deriver.testkit.time.ManualPoolClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Invariant 7 over ten minutes of simulated time: eight keys that hang for ever, and that come back
 * as fast as they can, leave six of eight slots to 2,000 healthy ones from their first timeout on.
 */
@Timeout(300)
class PoisonedKeysTest {

  private static final ItemType<String> TYPE = ItemType.of("message", String.class);
  private static final int SLOTS = 8;
  private static final int HEALTHY = 2_000;
  private static final int WAITING = 40;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration WORK = Duration.ofSeconds(2);
  private static final Duration STEP = Duration.ofMillis(50);
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final Duration ALL = Duration.ofMinutes(10);

  @Test
  void sixOfEightSlotsGoOnServingTheHealthy() throws Exception {
    List<Integer> alone = endedInEachWindow(0);
    assertThat(alone.stream().mapToInt(Integer::intValue).sum())
        .as("all of the healthy keys are worked")
        .isGreaterThanOrEqualTo(HEALTHY);
    List<Integer> beside = endedInEachWindow(SLOTS);
    // The timeout itself, the tick that sees it, and the work that begins then.
    int first = (int) TIMEOUT.plus(WORK).dividedBy(WINDOW) + 1;
    assertThat(alone.subList(0, first)).doesNotContain(0);
    assertThat(beside.get(0)).as("all slots hang at first").isZero();
    List<String> ratios = new ArrayList<>();
    for (int i = first; i < alone.size(); i++) {
      ratios.add(
          "%d/%d=%.3f".formatted(beside.get(i), alone.get(i), 1.0 * beside.get(i) / alone.get(i)));
    }
    System.out.println("healthy units ended in each " + WINDOW + " with/without poison: " + ratios);
    for (int i = first; i < alone.size(); i++) {
      assertThat(beside.get(i) * SLOTS).as("%s", ratios).isGreaterThanOrEqualTo(alone.get(i) * 6);
    }
  }

  private static List<Integer> endedInEachWindow(int poisoned) throws Exception {
    ManualPoolClock clock = new ManualPoolClock();
    PoolTime time = new PoolTime(clock, Duration.ofMinutes(1));
    InMemoryWorkStore store = new InMemoryWorkStore(clock);
    for (int i = 0; i < poisoned; i++) {
      store.enqueue(Item.of(TYPE, "poisoned" + i, "x"));
    }
    CompletableFuture<Void> over = new CompletableFuture<>();
    AtomicInteger ended = new AtomicInteger();
    List<Integer> windows = new ArrayList<>();
    int enqueued = 0;
    Pool pool =
        Pool.builder(store)
            .slots(SLOTS)
            .clock(clock)
            .closeTimeout(Duration.ZERO)
            .processor(
                TYPE,
                (unit, run) -> {
                  if (unit.key().startsWith("poisoned")) {
                    time.hang(run, over);
                  } else {
                    time.workFor(run, WORK);
                    ended.incrementAndGet();
                  }
                  return Outcome.done();
                },
                limits ->
                    limits
                        .timeout(TIMEOUT)
                        .maxAttempts(100)
                        .backoff(Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(1))))
            .start();
    try {
      for (Duration at = WINDOW; at.compareTo(ALL) <= 0; at = at.plus(WINDOW)) {
        int before = ended.get();
        while (time.now().compareTo(at) < 0) {
          // Fresh work all the time: the poisoned keys, once they are due again, are older.
          while (store.counts().pendingItems() < WAITING) {
            store.enqueue(Item.of(TYPE, "healthy" + enqueued++ % HEALTHY, "x"));
          }
          time.pass(pool, WORK, STEP);
        }
        windows.add(ended.get() - before);
      }
    } finally {
      over.complete(null);
      time.close(pool);
    }
    return windows;
  }
}
