package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guards that a claim costs by what it claims, not by what waits, is claimed, or backs off. */
class ClaimCostTest {

  private static final Db DB = Db.installed("claim_cost");
  private static final CostBench BENCH = new CostBench(DB);
  private static final int FEW = 1_000;
  private static final int MANY = 100_000;
  private static final double GROWTH = 1.3;

  /** Each of the 20 is looked up several times, in indexes that are a level deeper by then. */
  private static final double DEEPER = 1.5;

  private static final String ANSWER = "SELECT * FROM deriver.twin_v1('mail', 'deduped7')";

  @BeforeEach
  void empty() {
    BENCH.empty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "waiting | clock_timestamp() - interval '1 minute' | NULL | 2",
        "claimed | clock_timestamp() - interval '1 hour' | nextval('deriver.fence_number') | 2",
        "backing off | clock_timestamp() + interval '1 hour' | NULL | 2",
        "on probation | clock_timestamp() + interval '1 hour' | NULL | 18",
        "suspect | clock_timestamp() + interval '1 hour' | NULL | 34"
      })
  @DisplayName("buffers at 100,000 keys stay below 1.3 times those at 1,000")
  void costDoesNotGrow(String kind, String availableAt, String fence, int lane)
      throws SQLException {
    BENCH.keys("ready", 50, "clock_timestamp()", "NULL", 2);
    BENCH.keys("many", FEW, availableAt, fence, lane);
    long few = BENCH.buffersOfClaim("'-infinity'");
    BENCH.keys("more", MANY - FEW, availableAt, fence, lane);
    long many = BENCH.buffersOfClaim("'-infinity'");

    System.out.printf(
        "claim of 10, %s: %d buffers at 1,000 keys, %d at 100,000%n", kind, few, many);
    assertThat((double) many / few).as("%d against %d buffers", many, few).isLessThan(GROWTH);
  }

  @Test
  @DisplayName("nor does it where items have all four priorities")
  void fourPriorities() throws SQLException {
    DB.execute("UPDATE deriver.type SET priorities = 15");
    BENCH.keys("ready", 50, "clock_timestamp()", "NULL", 1);
    BENCH.keys("many", FEW, "clock_timestamp() - interval '1 minute'", "NULL", 3);
    long few = BENCH.buffersOfClaim("'-infinity'");
    BENCH.keys("more", MANY - FEW, "clock_timestamp() - interval '1 minute'", "NULL", 3);
    long many = BENCH.buffersOfClaim("'-infinity'");

    System.out.printf(
        "claim of 10, four priorities: %d buffers at 1,000 keys, %d at 100,000%n", few, many);
    assertThat((double) many / few).as("%d against %d buffers", many, few).isLessThan(GROWTH);
  }

  @Test
  @DisplayName("beside 100,000 keys that gather, it costs no more than beside 1,000")
  void gatheringKeys() throws SQLException {
    costsNoMoreBesideGathering(MANY);
  }

  @Test
  @Tag("soak")
  @DisplayName("nor does it beside 1,000,000")
  void aMillionGatheringKeys() throws SQLException {
    costsNoMoreBesideGathering(1_000_000);
  }

  /** While some are to be routed and to be looked at anew, and when none is any more. */
  private void costsNoMoreBesideGathering(int count) throws SQLException {
    gathering(FEW);
    Gathering few = Gathering.measured();
    empty();
    gathering(count);
    Gathering many = Gathering.measured();

    System.out.printf(
        Locale.ROOT,
        "claim of 10 beside 1,000 and %,d keys that gather: %d and %d buffers, with routing %d and %d%n",
        count,
        few.quiet(),
        many.quiet(),
        few.busy(),
        many.busy());
    assertThat((double) many.busy() / few.busy()).isLessThan(GROWTH);
    assertThat((double) many.quiet() / few.quiet()).isLessThan(GROWTH);
  }

  /**
   * Buffers of a claim.
   *
   * @param busy while twenty items are to be routed and 500 keys to be looked at anew
   * @param quiet when neither is, and all that gather are below their threshold
   */
  private record Gathering(long busy, long quiet) {
    static Gathering measured() throws SQLException {
      vacuum();
      long busy = BENCH.buffers(CostBench.CLAIM.formatted("'-infinity'"));
      DB.column("SELECT deriver.route_v1('mail')");
      DB.execute("UPDATE deriver.type SET anew_from = NULL");
      vacuum();
      return new Gathering(busy, BENCH.buffers(CostBench.CLAIM.formatted("'-infinity'")));
    }
  }

  @Test
  @DisplayName("nor does it when it was planned before there were any")
  void plannedWhenEmpty() throws SQLException {
    try (Connection connection = DB.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      // As autovacuum leaves it behind a queue that was drained: of pages, and no rows.
      gathering(FEW);
      DB.execute("DELETE FROM deriver.inbox");
      DB.execute("DELETE FROM deriver.head");
      DB.execute("DELETE FROM deriver.item");
      vacuum();
      gathering(5);
      connection.setAutoCommit(false);
      for (int i = 0; i < 3; i++) {
        statement.execute(DB.sql(CostBench.CLAIM.formatted("'-infinity'")));
        connection.rollback();
      }
      gathering(FEW);
      long few = BENCH.buffers(connection, CostBench.CLAIM.formatted("'-infinity'"));
      gathering(MANY / 2);
      long many = BENCH.buffers(connection, CostBench.CLAIM.formatted("'-infinity'"));

      System.out.printf(
          "claim of 10, planned when empty: %d buffers at 1,000 keys, %d at 50,000%n", few, many);
      // Nothing has been vacuumed in between, so indexes have grown a level.
      assertThat((double) many / few).as("%d against %d buffers", many, few).isLessThan(2);
    }
  }

  /**
   * So many keys that gather, beside twenty that are ready; twenty of them have got more, one is
   * heavy by that, and all are to be looked at anew.
   */
  private static void gathering(int count) {
    DB.execute("DELETE FROM deriver.inbox");
    DB.execute("DELETE FROM deriver.head");
    DB.execute(
        "UPDATE deriver.type SET min_weight = 10, max_wait_ms = 3600000, enough = 100, anew_from = ''");
    BENCH.keys("gathering", count, "clock_timestamp() + interval '1 hour'", "NULL", 2);
    BENCH.keys("ready", 20, "clock_timestamp() - interval '1 hour'", "NULL", 2);
    DB.execute(
        """
        WITH added AS (
          INSERT INTO deriver.item (type, key, payload, bytes, weight)
          SELECT 'mail', 'gathering' || n, '"x"', 3, CASE WHEN n = 1 THEN 10 ELSE 1 END
            FROM generate_series(1, least(20, %d)) n RETURNING id)
        INSERT INTO deriver.inbox (type, id, ids)
        SELECT 'mail', nextval('deriver.inbox_number'), array_agg(a.id) FROM added a
        """
            .formatted(count));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"p", "r", "k"})
  @DisplayName("routing items with dedupe keys costs by these, not by how many wait with one")
  void dedupedKeys(String mode) throws SQLException {
    deduped(FEW, mode);
    vacuum();
    long few = BENCH.buffers(CostBench.CLAIM.formatted("'-infinity'"));
    empty();
    deduped(MANY, mode);
    vacuum();
    long many = BENCH.buffers(CostBench.CLAIM.formatted("'-infinity'"));

    System.out.printf(
        "routing of 20 with dedupe keys, %s: %d buffers beside 1,000, %d beside 100,000%n",
        mode, few, many);
    assertThat((double) many / few).as("%d against %d buffers", many, few).isLessThan(DEEPER);
  }

  @Test
  @DisplayName("nor does it when it was planned before there were any")
  void dedupedKeysPlannedWhenEmpty() throws SQLException {
    try (Connection connection = DB.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      deduped(FEW, "p");
      DB.execute("DELETE FROM deriver.inbox");
      DB.execute("DELETE FROM deriver.head");
      DB.execute("DELETE FROM deriver.item");
      vacuum();
      deduped(5, "p");
      connection.setAutoCommit(false);
      for (int i = 0; i < 3; i++) {
        statement.execute(DB.sql(CostBench.CLAIM.formatted("'-infinity'")));
        statement.execute(DB.sql(ANSWER));
        connection.rollback();
      }
      deduped(FEW, "p");
      long few = BENCH.buffers(connection, CostBench.CLAIM.formatted("'-infinity'"));
      deduped(MANY / 2, "p");
      long many = BENCH.buffers(connection, CostBench.CLAIM.formatted("'-infinity'"));
      assertThat(BENCH.buffers(connection, ANSWER))
          .as("for the answer to an enqueue")
          .isLessThan(50);

      System.out.printf(
          "routing of 20 with dedupe keys, planned when empty: %d buffers beside 1,000, %d beside 50,000%n",
          few, many);
      assertThat((double) many / few).as("%d against %d buffers", many, few).isLessThan(2);
    }
  }

  @Test
  @DisplayName(
      "nor does the answer to an enqueue, or routing, while 100,000 of one dedupe key are to be routed")
  void manyOfOneDedupeKey() throws SQLException {
    deduped(FEW, "r");
    DB.execute(
        """
        WITH added AS (
          INSERT INTO deriver.item (type, key, payload, bytes, weight, dedupe, dedupe_mode)
          SELECT 'mail', 'one', '"x"', 3, 1, 'one', 'r' FROM generate_series(1, 100000) n RETURNING id)
        INSERT INTO deriver.inbox (type, id, ids)
        SELECT 'mail', nextval('deriver.inbox_number'), array_agg(a.id) FROM added a GROUP BY a.id / 1000
        """);
    vacuum();

    long answer = BENCH.buffers("SELECT * FROM deriver.twin_v1('mail', 'one')");
    long first = BENCH.buffers("SELECT deriver.route_v1('mail')");
    DB.column("SELECT deriver.route_v1('mail')");
    DB.column("SELECT deriver.route_v1('mail')");
    long later = BENCH.buffers("SELECT deriver.route_v1('mail')");

    System.out.printf(
        "one dedupe key, 100,000 to be routed: %d buffers for the answer, %d for a pass, %d for a later one%n",
        answer, first, later);
    assertThat(answer).isLessThan(50);
    // A pass takes up to 3,000 items, and deletes all but one.
    assertThat(first).isLessThan(60_000);
    assertThat((double) later / first).isLessThan(GROWTH);
  }

  /**
   * So many keys of an item with a dedupe key each, not due, and twenty more for twenty of these.
   */
  private static void deduped(int count, String mode) {
    DB.execute("DELETE FROM deriver.inbox");
    DB.execute("DELETE FROM deriver.head");
    DB.execute("DELETE FROM deriver.item");
    BENCH.keys("deduped", count, "clock_timestamp() + interval '1 hour'", "NULL", 0);
    DB.execute("UPDATE deriver.item SET dedupe = key, dedupe_mode = 'w'");
    BENCH.keys("ready", 20, "clock_timestamp() - interval '1 hour'", "NULL", 0);
    DB.execute(
        """
        WITH added AS (
          INSERT INTO deriver.item (type, key, payload, bytes, weight, dedupe, dedupe_mode)
          SELECT 'mail', 'deduped' || n, '"x"', 3, 1, 'deduped' || n, '%s' FROM generate_series(1, least(20, %d)) n RETURNING id)
        INSERT INTO deriver.inbox (type, id, ids)
        SELECT 'mail', nextval('deriver.inbox_number'), array_agg(a.id) FROM added a
        """
            .formatted(mode, count));
  }

  private static void vacuum() {
    for (String table : java.util.List.of("head", "item", "inbox", "type", "segment")) {
      DB.execute("VACUUM ANALYZE deriver." + table);
    }
  }

  @Test
  @DisplayName("a unit that its weight cuts costs by its items, not by their square")
  void cutUnits() throws SQLException {
    DB.execute(
        """
        WITH added AS (
          INSERT INTO deriver.item (type, key, payload, bytes, weight)
          SELECT 'mail', 'long', '"x"', 3, 1 FROM generate_series(1, 95) RETURNING id)
        INSERT INTO deriver.head (type, key, ids, available_at)
        SELECT 'mail', 'long', array_agg(a.id ORDER BY a.id), clock_timestamp() FROM added a
        """);
    long few = buffersOfUnit(10);
    long many = buffersOfUnit(80);

    System.out.printf("a unit of 10 of 95 items: %d buffers, of 80: %d%n", few, many);
    assertThat(many).isLessThan(few * 4);
  }

  private static long buffersOfUnit(int weight) throws SQLException {
    return BENCH.buffers(
        CostBench.CLAIM
            .formatted("'-infinity'")
            .replace(
                "'{1}', '{100000}', '{100000}'", "'{100}', '{100000}', '{%d}'".formatted(weight)));
  }

  @Test
  @DisplayName("the reaper's pass costs by the claims held, not by the heads that wait")
  void reaping() throws SQLException {
    BENCH.keys("held", 1_000, "clock_timestamp()", "nextval('deriver.fence_number')", 2);
    DB.execute("UPDATE deriver.node SET expires_at = clock_timestamp() + interval '1 hour'");
    DB.execute("VACUUM ANALYZE deriver.head");
    long few = BENCH.buffers("SELECT * FROM deriver.reap_v1(200, '{mail}', true)");
    BENCH.keys("more", MANY, "clock_timestamp()", "NULL", 2);
    DB.execute("VACUUM ANALYZE deriver.head");
    long many = BENCH.buffers("SELECT * FROM deriver.reap_v1(200, '{mail}', true)");

    System.out.printf(
        "reaping 1,000 live claims: %d buffers, %d beside 100,000 waiting%n", few, many);
    assertThat((double) many / few).isLessThan(GROWTH);
  }
}
