package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for a type over all pools, with real pools that claim at the same time. */
@Timeout(180)
class TypeLimitTest {

  private static final ItemType<String> TYPE = ItemType.of("summary", String.class);
  private static final ItemType<String> FREE = ItemType.of("free", String.class);
  private static final int POOLS = 4;
  private static final int KEYS = 120;
  private static final int LIMIT = 3;

  private static final Db DB = Db.installed("type_limit");

  private final PostgresQueue queue =
      PostgresQueue.builder(DB.dataSource()).schema(DB.schema()).build();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger free = new AtomicInteger();

  @BeforeEach
  void empty() {
    DB.empty();
    DB.execute("UPDATE deriver.type SET paused_at = NULL");
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(10)).until(condition);
  }

  private Pool pool(int limit) {
    return Pool.builder(queue.store())
        .slots(8)
        .pollInterval(Duration.ofMillis(10), Duration.ofMillis(50))
        .reapInterval(Duration.ofMillis(300))
        .processor(
            TYPE,
            (unit, run) -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              Thread.onSpinWait();
              running.decrementAndGet();
              done.incrementAndGet();
              return Outcome.done();
            },
            limits -> limits.maxConcurrentOverall(limit))
        .processor(
            FREE,
            (unit, run) -> {
              free.incrementAndGet();
              return Outcome.done();
            })
        .start();
  }

  private void enqueue() {
    List<Item<String>> items = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      items.add(Item.of(TYPE, "key" + i, "x"));
    }
    queue.enqueueAll(items);
  }

  @Test
  void poolsThatClaimAtTheSameTimeKeepToTheLimitOverAll() {
    List<Pool> pools = new ArrayList<>();
    try {
      for (int i = 0; i < POOLS; i++) {
        pools.add(pool(LIMIT));
      }
      enqueue();
      until(
          () -> {
            assertThat(DB.number("SELECT count(*) FROM deriver.head WHERE fence IS NOT NULL"))
                .isLessThanOrEqualTo(LIMIT);
            return done.get() >= KEYS;
          });
      assertThat(most.get()).as("runs at once").isBetween(1, LIMIT);
      assertThat(done).as("each once").hasValue(KEYS);
    } finally {
      pools.forEach(Pool::close);
    }
  }

  @Test
  void aTypeIsPausedForAllPoolsAndGoesOnWhenItIsResumed() {
    try (Pool one = pool(100);
        Pool other = pool(100)) {
      queue.operations().pause(TYPE);
      assertThat(queue.operations().paused()).containsOnlyKeys("summary");
      until(() -> says(one) && says(other));
      enqueue();
      queue.enqueueAll(
          IntStream.range(0, KEYS).mapToObj(i -> Item.of(FREE, "key" + i, "x")).toList());
      until(() -> free.get() == KEYS);
      assertThat(done).as("while another type was worked that came later").hasValue(0);
      queue.operations().resume(TYPE);
      until(() -> done.get() == KEYS);
      until(() -> !says(one) && !says(other));
      assertThat(queue.operations().paused()).isEmpty();
    }
  }

  private static boolean says(Pool pool) {
    return pool.health().reasons().stream()
        .anyMatch("type 'summary' is paused for all nodes, by an operator"::equals);
  }
}
