package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Invariants 2 and 4: which statements the server keeps, and that it changes nothing else. */
class PreparedStatementsTest {

  private static final ItemType<String> TYPE = ItemType.of("message", String.class);
  private static final Db DB = Db.installed("prepared_statements");

  @BeforeEach
  void empty() {
    DB.empty();
  }

  private static HikariDataSource connections(int most) {
    HikariDataSource connections = new HikariDataSource();
    connections.setDataSource(DB.dataSource());
    connections.setMaximumPoolSize(most);
    return connections;
  }

  @Test
  void theServerKeepsThem() throws SQLException {
    assertThat(kept(queue -> {}, 5)).isPositive();
  }

  @Test
  void itKeepsNoneWhereThatIsNotWanted() throws SQLException {
    assertThat(kept(queue -> queue.serverPreparedStatements(false), 5)).isZero();
  }

  @Test
  void norOfWhatGoesInTransactionsOfTheHost() throws SQLException {
    int items = 20;
    try (HikariDataSource one = connections(1);
        HikariDataSource five = connections(5)) {
      PostgresQueue queue =
          PostgresQueue.builder(one)
              .schema(DB.schema())
              .maintenanceDataSource(five)
              .serverPreparedStatements(false)
              .build();
      try (Connection tx = one.getConnection()) {
        tx.setAutoCommit(false);
        for (int n = 0; n < items; n++) {
          queue.enqueue(tx, Item.of(TYPE, "key" + n, "payload"));
        }
        tx.commit();
      }
      assertThat(kept(one)).as("enqueued").isZero();
      try (Pool pool =
          Pool.builder(queue.store())
              .slots(1)
              .processor(TYPE, (unit, run) -> queue.applyJdbc(tx -> {}))
              .start()) {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> pool.work(TYPE).itemsCompleted() == items);
      }
      assertThat(kept(one)).as("completed with a step").isZero();
    }
  }

  @Test
  void itKeepsNoneWhereTheDriverIsToldNotToPrepare() throws SQLException {
    assertThat(kept(queue -> {}, 0)).isZero();
  }

  @Test
  void whatGoesToTheTablesIsPlannedEachTime() throws SQLException {
    try (HikariDataSource one = connections(1)) {
      PostgresQueue queue = PostgresQueue.builder(one).schema(DB.schema()).build();
      for (int n = 0; n < 20; n++) {
        assertThat(queue.counts(TYPE.name()).pendingKeys()).isZero();
      }
      assertThat(kept(one)).isZero();
    }
  }

  private static int kept(Consumer<PostgresQueue.Builder> settings, int threshold)
      throws SQLException {
    PGSimpleDataSource source = Db.dataSource("postgres");
    source.setPrepareThreshold(threshold);
    try (HikariDataSource one = new HikariDataSource()) {
      one.setDataSource(source);
      one.setMaximumPoolSize(1);
      PostgresQueue.Builder builder = PostgresQueue.builder(one).schema(DB.schema());
      settings.accept(builder);
      PostgresQueue queue = builder.build();
      for (int n = 0; n < 20; n++) {
        queue.enqueue(Item.of(TYPE, "key" + n, "payload"));
      }
      return kept(one);
    }
  }

  private static int kept(HikariDataSource one) throws SQLException {
    try (Connection same = one.getConnection();
        Statement statement = same.createStatement();
        ResultSet kept =
            statement.executeQuery(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%%s%%'"
                    .formatted(DB.schema()))) {
      kept.next();
      return kept.getInt(1);
    }
  }

  @Test
  void aPoolWorksEachOnceWithThem() {
    int items = 400;
    Map<String, AtomicInteger> worked = new ConcurrentHashMap<>();
    try (HikariDataSource connections = connections(12)) {
      PostgresQueue queue = PostgresQueue.builder(connections).schema(DB.schema()).build();
      try (Pool pool =
          Pool.builder(queue.store())
              .slots(4)
              .claimAhead(4)
              .processor(
                  TYPE,
                  (unit, run) -> {
                    int times =
                        worked
                            .computeIfAbsent(unit.key(), key -> new AtomicInteger())
                            .incrementAndGet();
                    return times == 1 && unit.key().endsWith("7")
                        ? Outcome.retryAfter(Duration.ZERO, "once more")
                        : Outcome.done();
                  })
              .start()) {
        List<Item<String>> all =
            IntStream.range(0, items).mapToObj(n -> Item.of(TYPE, "key" + n, "payload")).toList();
        for (int from = 0; from < items; from += 10) {
          queue.enqueueAll(all.subList(from, from + 10));
        }
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> pool.work(TYPE).itemsCompleted() == items);
        assertThat(worked).hasSize(items);
        worked.forEach(
            (key, times) -> assertThat(times).as(key).hasValue(key.endsWith("7") ? 2 : 1));
        assertThat(DB.number("SELECT count(*) FROM deriver.item")).isZero();
      }
    }
  }
}
