package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Dedupe;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.jdbc.Enqueued.Change;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.StoredItem;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards deduping against what happens beside it at the same moment, and what enqueue answers. */
class DedupeTest {

  private static final Db DB = Db.installed("dedupe");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final Duration HOUR = Duration.ofHours(1);

  private final PostgresQueue queue = DB.queue();
  private final List<Connection> open = new ArrayList<>();
  private NodeStore node;

  @BeforeEach
  void empty() {
    DB.empty();
    node =
        queue
            .store()
            .join(
                new NodeSpec(
                    "dedupe", List.of("mail"), Duration.ofMinutes(10), Duration.ofSeconds(30)));
  }

  @AfterEach
  void leave() throws SQLException {
    node.close();
    for (Connection connection : open) {
      connection.close();
    }
  }

  @Test
  @DisplayName("enqueue says what happened, to what waits routed or not")
  void answers() {
    Enqueued first = queue.enqueue(mail("key", "1", Dedupe.KEEP_FIRST));
    assertThat(first.change()).isEqualTo(Change.ADDED);
    for (int pass = 0; pass < 2; pass++) {
      assertThat(queue.enqueue(mail("key", "2", Dedupe.KEEP_FIRST)))
          .isEqualTo(new Enqueued(first.id(), Change.DEDUPLICATED));
      assertThat(queue.enqueue(mail("key", "3", Dedupe.REPLACE)))
          .isEqualTo(new Enqueued(first.id(), Change.REPLACED));
      route();
    }
    Enqueued pushed = queue.enqueue(mail("key", "4", Dedupe.PUSH_BACK));
    assertThat(pushed.change()).isEqualTo(Change.PUSHED_BACK);
    assertThat(pushed.id()).isGreaterThan(first.id());
    assertThat(queue.enqueue(mail("key", "5", Dedupe.KEEP_FIRST)))
        .isEqualTo(new Enqueued(pushed.id(), Change.DEDUPLICATED));
    Enqueued moved = queue.enqueue(mail("other", "6", Dedupe.REPLACE));
    assertThat(moved.change()).isEqualTo(Change.PUSHED_BACK);
    assertThat(claim()).containsExactly("other \"6\"");

    assertThat(queue.enqueue(mail("other", "7", Dedupe.REPLACE)).change()).isEqualTo(Change.ADDED);
    assertThat(queue.enqueue(Item.of(MAIL, "other", "8")).change()).isEqualTo(Change.ADDED);
  }

  @Test
  @DisplayName("enqueue counts what its own transaction brought, in this call or before")
  void answersWithinATransaction() throws SQLException {
    try (Connection host = begin()) {
      Enqueued first = queue.enqueue(host, mail("key", "1", Dedupe.KEEP_FIRST));
      assertThat(
              queue.enqueueAll(
                  host,
                  List.of(
                      mail("key", "2", Dedupe.REPLACE),
                      Item.of(MAIL, "key", "x"),
                      mail("key", "3", Dedupe.PUSH_BACK),
                      mail("key", "4", Dedupe.KEEP_FIRST))))
          .extracting(Enqueued::change)
          .containsExactly(Change.REPLACED, Change.ADDED, Change.PUSHED_BACK, Change.DEDUPLICATED);
      assertThat(first.change()).isEqualTo(Change.ADDED);
      host.commit();
    }
    assertThat(claim()).containsExactly("key \"x\"", "key \"3\"");
  }

  @Test
  @DisplayName("an item dropped by a transaction that is undone waits on")
  void rolledBack() throws SQLException {
    queue.enqueue(mail("key", "1", Dedupe.PUSH_BACK));
    try (Connection host = begin()) {
      queue.enqueue(host, mail("key", "2", Dedupe.PUSH_BACK));
      host.rollback();
    }
    assertThat(claim()).containsExactly("key \"1\"");
  }

  @Test
  @DisplayName("of two transactions that overlap both may answer ADDED; one item waits")
  void overlappingTransactions() throws SQLException {
    try (Connection one = begin();
        Connection other = begin()) {
      assertThat(queue.enqueue(one, mail("key", "1", Dedupe.KEEP_FIRST)).change())
          .isEqualTo(Change.ADDED);
      assertThat(queue.enqueue(other, mail("key", "2", Dedupe.KEEP_FIRST)).change())
          .isEqualTo(Change.ADDED);
      other.commit();
      route();
      one.commit();
    }
    assertThat(claim()).containsExactly("key \"2\"");
    route();
    assertThat(items()).isEqualTo(1);
  }

  @Test
  @DisplayName("an open transaction keeps nobody from the item that waits, and its own is not lost")
  void openTransactions() throws SQLException {
    queue.enqueue(mail("key", "1", Dedupe.KEEP_FIRST));
    route();
    try (Connection host = begin();
        Connection other = begin()) {
      execute(host, "SET LOCAL lock_timeout = 100");
      execute(other, "SET LOCAL lock_timeout = 100");
      for (Dedupe mode : Dedupe.values()) {
        queue.enqueue(host, mail("key", "2 " + mode, mode));
        queue.enqueue(other, mail("key", "3 " + mode, mode));
      }
      other.rollback();

      List<Claim> claims = node.claim(request(10)).claims();
      assertThat(claims).hasSize(1);
      host.commit();
      route();
      complete(claims.get(0));
    }
    // Whoever reads now what the transaction wrote, does so in this run.
    assertThat(claim()).containsExactly("key \"2 PUSH_BACK\"");
  }

  @Test
  @DisplayName("while the other's key is locked nothing is decided, and nothing passes what waits")
  void theOtherIsLocked() throws SQLException {
    queue.enqueue(mail("far", "1", Dedupe.REPLACE));
    queue.enqueue(Item.of(MAIL, "key", "x"));
    route();
    Connection lock = lock("FROM deriver.head h WHERE h.key = 'far' FOR UPDATE");
    queue.enqueue(mail("key", "2", Dedupe.PUSH_BACK));
    queue.enqueue(Item.of(MAIL, "key", "y"));
    queue.enqueue(mail("near", "3", Dedupe.PUSH_BACK));
    queue.enqueue(Item.of(MAIL, "apart", "z"));
    ClaimBatch batch = node.claim(request(0));
    assertThat(batch.nextDue()).isNotNull().isLessThan(Duration.ofSeconds(1));
    assertThat(DB.column("SELECT key FROM deriver.head ORDER BY key"))
        .containsExactly("apart", "far", "key");
    lock.rollback();

    assertThat(claim())
        .containsExactlyInAnyOrder("key \"x\"", "key \"y\"", "near \"3\"", "apart \"z\"");
    assertThat(items()).isEqualTo(4);
  }

  @Test
  @DisplayName("while its own key is locked an item is not passed by a younger one of another key")
  void itsOwnKeyIsLocked() throws SQLException {
    queue.enqueue(Item.of(MAIL, "key", "x"));
    route();
    Connection lock = lock("FROM deriver.head h WHERE h.key = 'key' FOR UPDATE");
    queue.enqueue(mail("key", "1", Dedupe.REPLACE));
    queue.enqueue(mail("other", "2", Dedupe.REPLACE));
    route();
    lock.rollback();

    assertThat(claim()).containsExactlyInAnyOrder("key \"x\"", "other \"2\"");
    assertThat(items()).isEqualTo(2);
  }

  @Test
  @DisplayName("the router does not wait for a cancel that is dropping the item")
  void aCancelIsOnItsWay() throws SQLException {
    queue.enqueue(Item.of(MAIL, "key", "x"));
    route();
    queue.enqueue(mail("key", "1", Dedupe.REPLACE));
    queue.enqueue(mail("key", "2", Dedupe.REPLACE));
    Connection cancel = begin();
    execute(cancel, "SELECT deriver.cancel_v1('mail', 'none')");
    execute(cancel, "DELETE FROM deriver.item WHERE payload = '\"1\"'");
    route();
    assertThat(DB.number("SELECT count(*) FROM deriver.inbox")).isPositive();
    cancel.commit();

    assertThat(claim()).containsExactly("key \"x\"", "key \"2\"");
  }

  @Test
  @DisplayName("an operator cancels a key of deduped items, and a new item is added")
  void cancelled() {
    queue.enqueue(mail("key", "1", Dedupe.KEEP_FIRST));
    route();
    queue.enqueue(mail("key", "2", Dedupe.KEEP_FIRST));
    assertThat(queue.operations().cancelPending(MAIL, "key")).isEqualTo(2);
    assertThat(queue.enqueue(mail("key", "3", Dedupe.KEEP_FIRST)).change()).isEqualTo(Change.ADDED);
    assertThat(claim()).containsExactly("key \"3\"");
  }

  @Test
  @DisplayName("endless pushes leave nothing behind, in a key of one item or of many")
  void endlessPushes() {
    queue.enqueue(Item.of(MAIL, "many", "x").delay(HOUR));
    for (int push = 0; push < 120; push++) {
      queue.enqueue(mail("one", "x", Dedupe.PUSH_BACK));
      queue.enqueue(Item.of(MAIL, "many", "y").dedupe("many", Dedupe.PUSH_BACK));
      route();
    }
    assertThat(items()).isEqualTo(3);
    assertThat(DB.number("SELECT sum(cardinality(ids)) FROM deriver.head")).isEqualTo(3);
    assertThat(DB.number("SELECT count(*) FROM deriver.segment")).isZero();
    assertThat(DB.number("SELECT count(*) FROM deriver.inbox")).isZero();
  }

  private static Item<String> mail(String key, String payload, Dedupe mode) {
    return Item.of(MAIL, key, payload).dedupe("same", mode);
  }

  private static ClaimRequest request(int keys) {
    return new ClaimRequest(
        List.of(new TypeTerms("mail", HOUR, 100, 1 << 20, 3)), keys, keys, keys);
  }

  private void route() {
    assertThat(node.claim(request(0)).claims()).isEmpty();
  }

  /** Claims all, and says what came: key and payload. */
  private List<String> claim() {
    List<String> all = new ArrayList<>();
    for (Claim claim : node.claim(request(10)).claims()) {
      for (StoredItem item : claim.items()) {
        all.add(claim.id().key() + " " + item.payload());
      }
    }
    return all;
  }

  private void complete(Claim claim) {
    node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed())));
  }

  private static long items() {
    return DB.number("SELECT count(*) FROM deriver.item");
  }

  private Connection begin() throws SQLException {
    Connection connection = DB.dataSource().getConnection();
    open.add(connection);
    connection.setAutoCommit(false);
    return connection;
  }

  private Connection lock(String select) throws SQLException {
    Connection connection = begin();
    execute(connection, "SELECT " + select);
    return connection;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(DB.sql(sql));
    }
  }
}
