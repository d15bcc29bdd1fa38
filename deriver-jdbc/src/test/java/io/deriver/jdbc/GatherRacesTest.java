package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.GatherTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards gathering and flushes against what happens beside them at the same moment. */
class GatherRacesTest {

  private static final Db DB = Db.installed("gather_races");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final GatherTerms TEN = new GatherTerms(10, HOUR, 10);

  private final PostgresQueue queue = DB.queue();
  private final List<NodeStore> nodes = new ArrayList<>();

  @BeforeEach
  void empty() {
    DB.empty();
  }

  @AfterEach
  void leave() {
    nodes.forEach(NodeStore::close);
  }

  @Test
  @DisplayName("a flush that waits for its key holds nothing that another writer wants")
  void aWaitingFlushHoldsNothing() throws Exception {
    NodeStore node = join(TEN);
    enqueue("a", 10);
    enqueue("z", 10);
    assertThat(claim(node)).containsExactlyInAnyOrder("a", "z");
    enqueue("a", 1);
    try (Connection settling = open("FROM deriver.head h WHERE h.key = 'z' FOR UPDATE")) {
      CompletableFuture<Void> flush = CompletableFuture.runAsync(() -> queue.flush(MAIL, "z"));
      awaitWaiting(flush);

      lock(settling, "FROM deriver.head h WHERE h.key = 'a' FOR UPDATE NOWAIT");
      lock(settling, "FROM deriver.type t FOR UPDATE NOWAIT");
      settling.rollback();
      flush.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  @DisplayName("a flush of a key that is drained at that moment counts for what came before it")
  void aDrainedKeyIsFlushed() throws Exception {
    NodeStore node = join(TEN);
    enqueue("z", 10);
    assertThat(claim(node)).containsExactly("z");
    try (Connection settling =
        open(
            """
            o.o_answer FROM deriver.head h CROSS JOIN LATERAL deriver.settle_v1(ARRAY[h.type], ARRAY[h.key],
              ARRAY[h.fence], ARRAY[h.node], '{completed}', '{0}', '{NULL}', '{NULL}', '{NULL}') o
            """)) {
      enqueue("z", 1);
      CompletableFuture<Void> flush = CompletableFuture.runAsync(() -> queue.flush(MAIL, "z"));
      awaitWaiting(flush);
      settling.commit();
      flush.get(60, TimeUnit.SECONDS);
    }

    assertThat(claim(node)).containsExactly("z");
  }

  @Test
  @DisplayName("flushes that come again and again reach the last key")
  void flushesReachTheLastKey() {
    NodeStore node = join(TEN);
    queue.enqueueAll(
        IntStream.range(0, 1_200).mapToObj(n -> Item.of(MAIL, "a" + n, "x").weight(10)).toList());
    enqueue("z", 1);
    DB.execute("UPDATE deriver.type SET anew_from = NULL");
    assertThat(node.claim(request(1_200)).claims()).hasSize(1_200);

    List<String> claimed = new ArrayList<>();
    for (int pass = 0; pass < 5; pass++) {
      queue.flush(MAIL);
      claimed.addAll(claim(node));
    }

    assertThat(claimed).containsExactly("z");
  }

  @Test
  @DisplayName("keys that have waited long enough keep their places when the type gathers anew")
  void placesAreKept() {
    NodeStore node = join(TEN);
    for (String key : List.of("z", "m", "a")) {
      enqueue(key, 1);
      assertThat(claim(node)).isEmpty();
    }
    // Each long past its hour.
    DB.execute("UPDATE deriver.item SET enqueued_at = enqueued_at - interval '3 hours'");
    DB.execute("UPDATE deriver.head SET available_at = available_at - interval '3 hours'");

    NodeStore other = join(new GatherTerms(20, HOUR, 10));

    assertThat(claim(other)).containsExactly("z", "m", "a");
  }

  @Test
  @DisplayName("a key locked while the type is flushed is looked at as soon as it is free")
  void aLockedKeyIsLookedAtLater() throws Exception {
    NodeStore node = join(TEN);
    enqueue("a", 1);
    enqueue("m", 1);
    enqueue("z", 1);
    assertThat(claim(node)).isEmpty();
    try (Connection other = open("FROM deriver.head h WHERE h.key = 'm' FOR UPDATE")) {
      queue.flush(MAIL);
      ClaimBatch batch = node.claim(request(10));
      assertThat(keys(batch)).containsExactlyInAnyOrder("a", "z");
      assertThat(batch.nextDue()).isNotNull().isLessThan(Duration.ofSeconds(1));
      other.rollback();
    }
    assertThat(claim(node)).containsExactly("m");
    assertThat(DB.number("SELECT count(*) FROM deriver.type WHERE anew_from IS NOT NULL")).isZero();
  }

  private NodeStore join(GatherTerms terms) {
    NodeStore node =
        queue
            .store()
            .join(
                new NodeSpec(
                    "races",
                    List.of("mail"),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(30),
                    Map.of("mail", terms)));
    nodes.add(node);
    return node;
  }

  private void enqueue(String key, int weight) {
    queue.enqueue(Item.of(MAIL, key, "x").weight(weight));
  }

  private static ClaimRequest request(int keys) {
    return new ClaimRequest(
        List.of(new TypeTerms("mail", HOUR, 100, 1 << 20, 3)), keys, keys, keys);
  }

  private static List<String> claim(NodeStore node) {
    return keys(node.claim(request(10)));
  }

  private static List<String> keys(ClaimBatch batch) {
    return batch.claims().stream().map(Claim::id).map(id -> id.key()).toList();
  }

  /** A transaction that has done this. */
  private static Connection open(String select) throws SQLException {
    Connection connection = DB.dataSource().getConnection();
    connection.setAutoCommit(false);
    lock(connection, select);
    return connection;
  }

  private static void lock(Connection connection, String select) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(DB.sql("SELECT " + select));
    }
  }

  private static void awaitWaiting(CompletableFuture<Void> flush) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              assertThat(flush).as("the flush waits").isNotDone();
              return DB.number(
                      """
                      SELECT count(*) FROM pg_stat_activity
                       WHERE wait_event_type = 'Lock' AND query LIKE '%flush_key_v1%'
                      """)
                  > 0;
            });
  }
}
