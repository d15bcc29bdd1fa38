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
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariants 2 and 4: whether the server keeps the library's statements changes nothing else. */
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theServerKeepsThemOnlyWhereThatIsWanted(boolean wanted) throws SQLException {
    try (HikariDataSource one = connections(1)) {
      PostgresQueue queue =
          PostgresQueue.builder(one).schema(DB.schema()).serverPreparedStatements(wanted).build();
      for (int n = 0; n < 20; n++) {
        queue.enqueue(Item.of(TYPE, "key" + n, "payload"));
      }
      try (Connection same = one.getConnection();
          Statement statement = same.createStatement();
          ResultSet kept =
              statement.executeQuery(
                  "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%enqueue%'")) {
        kept.next();
        assertThat(kept.getInt(1) > 0).isEqualTo(wanted);
      }
    }
  }

  @Test
  void aPoolWorksEachOnceWithThem() {
    int items = 400;
    Map<String, AtomicInteger> worked = new ConcurrentHashMap<>();
    try (HikariDataSource connections = connections(12)) {
      PostgresQueue queue =
          PostgresQueue.builder(connections)
              .schema(DB.schema())
              .serverPreparedStatements(true)
              .build();
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
