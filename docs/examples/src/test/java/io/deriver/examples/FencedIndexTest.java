package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Backoff;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.jdbc.PostgresQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * Guards what docs/fence.md says: a late write is refused, and fences that went back stop nobody.
 */
class FencedIndexTest {

  private static final ItemType<String> INDEX = ItemType.of("index", String.class);

  @Test
  void whatComesLateIsRefused() throws Exception {
    try (Database database = new Database()) {
      database.execute(Docs.fenced(Docs.page("fence.md"), "sql").get(0));
      FencedIndex index = new FencedIndex(database.dataSource());

      assertThat(index.put("conversation:1", "of the new owner", 8)).isTrue();
      assertThat(index.put("conversation:1", "of the zombie", 7)).isFalse();
      assertThat(index.put("conversation:1", "of the new owner, again", 8)).isTrue();

      assertThat(database.rows("SELECT text, fence FROM search"))
          .containsExactly("of the new owner, again 8");
    }
  }

  @Test
  void afterFencesWentBackTheyAreMovedPastAllThatWereSeen() throws Exception {
    try (Database database = new Database()) {
      List<String> statements = Docs.fenced(Docs.page("fence.md"), "sql");
      database.execute(statements.get(0));
      PostgresQueue queue = PostgresQueue.builder(database.dataSource()).installSchema().build();
      FencedIndex index = new FencedIndex(database.dataSource());
      // As a replica that lags leaves it: the index has seen fences that the queue gives again.
      assertThat(index.put("conversation:1", "before the failover", 5_000)).isTrue();
      queue.enqueue(Item.of(INDEX, "conversation:1", "after"));
      List<PoolEvent> events = new CopyOnWriteArrayList<>();
      try (Pool pool =
          Pool.builder(queue.store())
              .processor(INDEX, index.processor(), FencedIndexTest::soonAgain)
              .listener(events::add)
              .start()) {
        await().until(() -> events.stream().anyMatch(PoolEvent.UnitRetried.class::isInstance));
        assertThat(database.rows(statements.get(1))).hasSize(1);
        await().until(() -> queue.counts().pendingItems() == 0);
        assertThat(pool.health().live()).isZero();
      }
      assertThat(database.rows("SELECT text FROM search")).containsExactly("after");
    }
  }

  private static void soonAgain(Limits.Builder limits) {
    limits
        .maxAttempts(100)
        .backoff(Backoff.exponential(Duration.ofMillis(20), Duration.ofMillis(20)));
  }
}
