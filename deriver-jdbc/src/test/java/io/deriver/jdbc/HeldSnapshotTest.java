package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.ItemType;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Guards what a call costs while some transaction holds an old snapshot: what has gone stays in
 * every index.
 */
class HeldSnapshotTest {

  private static final Db DB = Db.installed("held_snapshot");
  private static final CostBench BENCH = new CostBench(DB);

  @BeforeEach
  void empty() {
    BENCH.empty();
  }

  @Test
  @DisplayName(
      "under a held-open snapshot a claim from its lower bound does not read what is drained")
  void heldSnapshot() throws SQLException {
    BENCH.keys("old", 50_000, "clock_timestamp() - interval '1 hour'", "NULL", 2);
    try (Connection holder = holder("head")) {
      DB.execute("DELETE FROM deriver.item");
      DB.execute("DELETE FROM deriver.head");
      BENCH.keys("new", 100, "clock_timestamp()", "NULL", 2);

      long all = BENCH.buffersOfClaim("'-infinity'");
      long bounded = BENCH.buffersOfClaim("now() - interval '1 minute'");

      System.out.printf(
          "claim of 10, held snapshot: %d buffers from zero, %d from its bound%n", all, bounded);
      assertThat(all).as("the trap is there at all").isGreaterThan(bounded * 2);
      assertThat(bounded).isLessThan(600);
      holder.rollback();
    }
  }

  @Test
  @DisplayName("under a held-open snapshot routing does not read the inbox rows that are gone")
  void heldSnapshotAndInbox() throws SQLException {
    PostgresQueue queue = DB.queue();
    DB.execute(
        "INSERT INTO deriver.inbox (type, id, ids) SELECT 'mail', n, '{}' FROM generate_series(1, 20000) n");
    DB.execute("SELECT setval('deriver.inbox_number', 1000000)");
    long before;
    try (Connection holder = holder("inbox")) {
      DB.execute("DELETE FROM deriver.inbox");
      before = buffersOfRouting(queue);
      for (int pass = 0; pass < 5; pass++) {
        enqueueOne(queue);
        DB.column("SELECT deriver.route_v1('mail')");
      }
      long after = buffersOfRouting(queue);

      System.out.printf(
          "routing of 1, held snapshot: %d buffers before the mark, %d after%n", before, after);
      assertThat(before).as("the trap is there at all").isGreaterThan(100);
      assertThat(after).isLessThan(60);
      holder.rollback();
    }
  }

  @Test
  @DisplayName(
      "under a held-open snapshot neither a renewal nor a reaper's pass reads the claims that have ended")
  void heldSnapshotAndClaims() throws SQLException {
    BENCH.keys("old", 20_000, "clock_timestamp()", "nextval('deriver.fence_number')", 2);
    try (Connection holder = holder("head")) {
      DB.execute("DELETE FROM deriver.item");
      DB.execute("DELETE FROM deriver.head");
      BENCH.keys("live", 10, "clock_timestamp()", "nextval('deriver.fence_number')", 2);
      String renew = "SELECT * FROM deriver.renew_v1('other', 'other', '{mail}', 60000, %s)";
      String lowest = "(SELECT min(h.fence) FROM deriver.head h)";

      long renewAll = BENCH.buffers(renew.formatted("0"));
      long renewed = BENCH.buffers(renew.formatted(DB.column("SELECT " + lowest).get(0)));
      DB.execute("UPDATE deriver.node SET from_fence = " + lowest);
      long reapAll = BENCH.buffers("SELECT * FROM deriver.reap_v1(200, '{mail}', true)");
      long reaped = BENCH.buffers("SELECT * FROM deriver.reap_v1(200, '{mail}', false)");

      System.out.printf(
          "held snapshot: renewal %d buffers from zero, %d from its bound; reaper %d and %d%n",
          renewAll, renewed, reapAll, reaped);
      assertThat(renewAll).as("the trap is there at all").isGreaterThan(100);
      assertThat(reapAll).as("and here").isGreaterThan(100);
      assertThat(renewed).isLessThan(60);
      assertThat(reaped).isLessThan(60);
      holder.rollback();
    }
  }

  /** A transaction that has looked at the table and stays open. */
  private static Connection holder(String table) throws SQLException {
    Connection holder = DB.dataSource().getConnection();
    holder.setAutoCommit(false);
    holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    Db.column(holder, DB.sql("SELECT count(*) FROM deriver." + table));
    return holder;
  }

  private static void enqueueOne(PostgresQueue queue) {
    queue.enqueue(Item.of(ItemType.of("mail", String.class), "one", "x"));
  }

  private static long buffersOfRouting(PostgresQueue queue) throws SQLException {
    enqueueOne(queue);
    return BENCH.buffers("SELECT deriver.route_v1('mail')");
  }
}
