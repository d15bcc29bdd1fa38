package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.net.Trap;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** Guards that dropping what waits of a key holds up its type for no longer than a router does. */
@Timeout(60)
class CancelBehindBacklogTest {

  private static final Db DB = Db.installed("cancel_backlog");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final int BACKLOG = 4_000;

  @BeforeEach
  void backlog() {
    DB.empty();
    DB.execute(
        """
        WITH added AS (
          INSERT INTO deriver.item (type, key, payload, bytes, weight)
          SELECT 'mail', 'key' || n %% 7, '"x"', 3, 1 FROM generate_series(1, %d) n RETURNING id)
        INSERT INTO deriver.inbox (type, id, ids)
        SELECT 'mail', nextval('deriver.inbox_number'), ARRAY[a.id] FROM added a
        """
            .formatted(BACKLOG));
  }

  private static long inbox() {
    return DB.number("SELECT count(*) FROM deriver.inbox");
  }

  @Test
  @DisplayName("what no pool has met yet is routed first, a pass in each transaction")
  void theBacklogIsRoutedFirst() {
    PGSimpleDataSource through = Db.dataSource("postgres");
    try (TcpProxy proxy = Db.through(through)) {
      PostgresQueue queue =
          PostgresQueue.builder(through).schema(DB.schema()).notifications(false).build();
      Trap trap = proxy.hold("cancel_v1(");
      CompletableFuture<Long> dropped =
          CompletableFuture.supplyAsync(() -> queue.operations().cancelPending(MAIL, "key3"));
      await().atMost(Duration.ofSeconds(20)).until(() -> trap.holding() == 1);
      assertThat(inbox()).as("left to be looked at with the type locked").isLessThan(500);
      DB.queue().enqueue(Item.of(MAIL, "key3", "came meanwhile"));
      trap.letGo();

      long ofTheKey = (BACKLOG + 7 - 3) / 7;
      assertThat(dropped.join()).isEqualTo(ofTheKey + 1);
    }
    assertThat(DB.number("SELECT count(*) FROM deriver.item WHERE key = 'key3'")).isZero();
    assertThat(DB.number("SELECT count(*) FROM deriver.item"))
        .isEqualTo(BACKLOG - (BACKLOG + 7 - 3) / 7);
  }

  @Test
  @DisplayName("what cannot be routed, since its key is locked, is dropped all the same")
  void whatIsLockedIsDropped() throws SQLException {
    DB.execute("SELECT deriver.route_v1('mail'); SELECT deriver.route_v1('mail')");
    DB.queue().enqueue(Item.of(MAIL, "key1", "not routed"));
    try (Connection other = DB.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(DB.sql("SELECT FROM deriver.head WHERE key = 'key1' FOR UPDATE"));
      CompletableFuture<Long> dropped =
          CompletableFuture.supplyAsync(() -> DB.queue().operations().cancelPending(MAIL, "key1"));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  DB.number(
                          "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND"
                              + " query LIKE '%cancel_v1%'")
                      == 1);
      other.rollback();
      assertThat(dropped.join()).isPositive();
    }
    assertThat(DB.number("SELECT count(*) FROM deriver.item WHERE key = 'key1'")).isZero();
  }
}
