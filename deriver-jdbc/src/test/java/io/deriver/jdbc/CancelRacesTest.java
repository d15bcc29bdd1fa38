package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is cancelled is not worked, and what is worked is not cancelled, however they meet. */
@Timeout(180)
class CancelRacesTest {

  private static final ItemType<String> TYPE = ItemType.of("mail", String.class);
  private static final int KEYS = 3;
  private static final int ITEMS = 600;

  private static final Db DB = Db.installed("cancel_races");

  private final PostgresQueue queue =
      PostgresQueue.builder(DB.dataSource()).schema(DB.schema()).build();
  private final Set<Long> worked = ConcurrentHashMap.newKeySet();
  private final AtomicLong dropped = new AtomicLong();

  @BeforeEach
  void empty() {
    DB.empty();
  }

  private Pool pool() {
    return Pool.builder(queue.store())
        .slots(KEYS)
        .pollInterval(Duration.ofMillis(1), Duration.ofMillis(20))
        .processor(
            TYPE,
            (unit, run) -> {
              unit.items().forEach(item -> worked.add(item.id()));
              return Outcome.done();
            },
            limits -> limits.maxItems(3))
        .start();
  }

  @Test
  void eachItemIsEitherWorkedOrCancelled() {
    AtomicBoolean enqueued = new AtomicBoolean();
    try (Pool one = pool();
        Pool other = pool()) {
      CompletableFuture<Void> cancelling = CompletableFuture.runAsync(() -> cancelUntil(enqueued));
      int items = 0;
      // Few of them wait long enough to be cancelled: until some did.
      while (items < ITEMS || (dropped.get() == 0 && items < 50 * ITEMS)) {
        queue.enqueue(Item.of(TYPE, "key" + items % KEYS, "x"));
        items++;
      }
      enqueued.set(true);
      cancelling.join();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                QueueCounts counts = queue.counts("mail");
                return counts.pendingItems() == 0;
              });
      assertThat(one.work(TYPE).unitsFailed() + other.work(TYPE).unitsFailed()).isZero();
      assertThat(worked.size() + dropped.get()).as("worked and cancelled").isEqualTo(items);
      System.out.printf("%d worked, %d cancelled%n", worked.size(), dropped.get());
      assertThat(worked.size()).isPositive();
      assertThat(dropped).hasPositiveValue();
    }
  }

  private void cancelUntil(AtomicBoolean enqueued) {
    while (!enqueued.get()) {
      for (int key = 0; key < KEYS; key++) {
        dropped.addAndGet(queue.operations().cancelPending(TYPE, "key" + key));
      }
    }
  }
}
