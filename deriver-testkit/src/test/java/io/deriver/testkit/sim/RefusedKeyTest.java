package io.deriver.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.FailurePolicy.Verdict;
import io.deriver.Health;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.testkit.pool.PoolTime;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What concerns all units of a type pauses the type: while a provider refuses the API key it is
 * asked once in each pause by each slot at most, other types go on, and afterwards all is worked.
 */
@Timeout(120)
class RefusedKeyTest {

  private static final ItemType<String> PAID = ItemType.of("paid", String.class);
  private static final ItemType<String> FREE = ItemType.of("free", String.class);
  private static final Duration PAUSE = Duration.ofMinutes(5);
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final int SLOTS = 4;
  private static final int ITEMS = 100;

  private final PoolTime time = new PoolTime();
  private final InMemoryWorkStore store = new InMemoryWorkStore(time.clock());
  private final AtomicBoolean refused = new AtomicBoolean(true);
  private final AtomicInteger paid = new AtomicInteger();
  private final AtomicInteger free = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final List<PoolEvent> events = new CopyOnWriteArrayList<>();

  private Pool pool() {
    return Pool.builder(store)
        .clock(time.clock())
        .slots(SLOTS)
        .listener(events::add)
        .processor(
            PAID,
            (unit, run) -> {
              time.workFor(run, STEP);
              if (refused.get()) {
                failures.incrementAndGet();
                throw new IllegalStateException("the key is refused");
              }
              paid.incrementAndGet();
              return Outcome.done();
            },
            limits -> limits.failurePolicy((e, attempt) -> Verdict.RELEASE.pausing(PAUSE)))
        .processor(
            FREE,
            (unit, run) -> {
              time.workFor(run, STEP);
              free.incrementAndGet();
              return Outcome.done();
            })
        .start();
  }

  private void enqueue(ItemType<String> type) {
    for (int i = 0; i < ITEMS; i++) {
      store.enqueue(Item.of(type, "key" + i, "x"));
    }
  }

  @Test
  void anHourOfRefusalsCostsFewCallsAndNoItem() throws Exception {
    enqueue(PAID);
    Pool pool = pool();
    try {
      time.passUntil(pool, () -> failures.get() > 0, STEP, PAUSE);
      time.pass(pool, STEP, STEP);
      assertThat(pool.health().readiness()).isEqualTo(Health.Status.DEGRADED);
      assertThat(pool.health().reasons())
          .singleElement()
          .asString()
          .startsWith("type paid is paused for another PT")
          .contains("the key is refused");

      enqueue(FREE);
      time.passUntil(pool, () -> free.get() == ITEMS, STEP, PAUSE);
      time.pass(pool, Duration.ofHours(1), STEP);

      int pauses = (int) Duration.ofHours(1).plus(PAUSE.multipliedBy(2)).dividedBy(PAUSE);
      System.out.println(failures + " calls in an hour of refusals, " + SLOTS + " slots");
      assertThat(failures.get()).isBetween(10, pauses * SLOTS);
      assertThat(store.counts().deadLetters()).isZero();
      assertThat(store.counts().pendingItems()).isEqualTo(ITEMS);

      refused.set(false);
      time.passUntil(pool, () -> paid.get() == ITEMS, STEP, PAUSE.multipliedBy(2));
      assertThat(pool.health().readiness()).isEqualTo(Health.Status.UP);
      assertThat(events)
          .filteredOn(PoolEvent.TypePaused.class::isInstance)
          .first()
          .isEqualTo(
              new PoolEvent.TypePaused(
                  "paid", PAUSE, "java.lang.IllegalStateException: the key is refused"));
    } finally {
      time.close(pool);
    }
  }
}
