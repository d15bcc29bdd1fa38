package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.jdbc.DoneItem.How;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.WriteAnswer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guards that what has ended is kept where the host wants it, in bounds, and costs nothing else.
 */
@Timeout(60)
class DoneItemsTest {

  private static final Db DB = Db.installed("done_items");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final NodeSpec SPEC =
      new NodeSpec("done", List.of("mail"), Duration.ofMinutes(1), Duration.ofSeconds(5));

  @BeforeEach
  void empty() {
    DB.empty();
  }

  private static PostgresQueue keeping() {
    return PostgresQueue.builder(DB.dataSource())
        .schema(DB.schema())
        .keepDone(Duration.ofDays(30))
        .build();
  }

  private static void work(PostgresQueue queue) {
    queue.enqueueAll(List.of(Item.of(MAIL, "done", "x"), Item.of(MAIL, "dropped", "x")));
    queue.enqueue(Item.of(MAIL, "applied", "x"));
    Pool.Builder pool = Pool.builder(queue.store()).slots(2);
    pool.processor(
        MAIL,
        (unit, run) ->
            switch (unit.key()) {
              case "dropped" -> Outcome.discard("of no use");
              case "applied" -> queue.applyJdbc(tx -> {});
              default -> Outcome.done();
            });
    Pool running = pool.start();
    await().until(() -> queue.counts().pendingItems() == 0);
    running.close();
  }

  @Test
  @DisplayName("a pool on a queue that keeps tells of each item how it ended; on another, nothing")
  void aPoolKeeps() {
    work(DB.queue());
    assertThat(DB.number("SELECT count(*) FROM deriver.done")).isZero();

    PostgresQueue queue = keeping();
    work(queue);

    assertThat(DB.queue().operations().done(MAIL, "done", 10))
        .extracting(DoneItem::how, DoneItem::attempts)
        .containsExactly(tuple(How.COMPLETED, 1));
    assertThat(queue.operations().done(MAIL, "dropped", 10))
        .extracting(DoneItem::how)
        .containsExactly(How.DISCARDED);
    assertThat(queue.operations().done(MAIL, "applied", 10))
        .extracting(DoneItem::how)
        .containsExactly(How.COMPLETED);
    assertThat(DB.number("SELECT count(*) FROM deriver.done")).isEqualTo(3);
  }

  @Test
  @DisplayName("no connection goes on keeping for the one who has it next")
  void theSettingEndsWithItsTransaction() throws SQLException {
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(DB.dataSource());
      pool.setMaximumPoolSize(1);
      PostgresQueue queue =
          PostgresQueue.builder(pool).schema(DB.schema()).keepDone(Duration.ofDays(30)).build();
      queue.enqueue(Item.of(MAIL, "key", "x"));
      assertThat(queue.operations().cancelPending(MAIL, "key")).isEqualTo(1);
      assertThat(queue.operations().done(MAIL, "key", 10)).hasSize(1);
      try (Connection same = pool.getConnection()) {
        assertThat(Db.column(same, "SELECT current_setting('deriver_run.keep', true)"))
            .containsExactly("");
      }
    }
  }

  @Test
  @DisplayName("a row that cannot be written keeps its unit from ending, and no other")
  void whatCannotBeKeptFailsAlone() {
    PostgresQueue queue = keeping();
    DB.execute("ALTER TABLE deriver.done ADD CONSTRAINT no_bad CHECK (key <> 'bad')");
    try (NodeStore node = queue.store().join(SPEC)) {
      for (String key : List.of("a", "bad", "c")) {
        queue.enqueue(Item.of(MAIL, key, "x"));
      }
      TypeTerms terms = new TypeTerms("mail", Duration.ofMinutes(5), 10, 1_000, 3);
      List<OutcomeWrite> ends =
          node.claim(new ClaimRequest(List.of(terms), 3, 0, 0)).claims().stream()
              .map(claim -> new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))
              .toList();
      assertThat(node.write(ends))
          .containsExactly(WriteAnswer.DRAINED, WriteAnswer.UNDECIDED, WriteAnswer.DRAINED);
      assertThat(DB.column("SELECT key FROM deriver.done ORDER BY key")).containsExactly("a", "c");
      assertThat(DB.column("SELECT key FROM deriver.item")).containsExactly("bad");

      DB.execute("ALTER TABLE deriver.done DROP CONSTRAINT no_bad");
      assertThat(node.write(List.of(ends.get(1)))).containsExactly(WriteAnswer.DRAINED);
      assertThat(queue.operations().done(MAIL, "bad", 10)).hasSize(1);
    } finally {
      DB.execute("ALTER TABLE deriver.done DROP CONSTRAINT IF EXISTS no_bad");
    }
  }

  @Test
  @DisplayName("what is old goes 2,000 at a time, and what is young is not even looked at")
  void purging() throws SQLException {
    done("old", 4_500, "31 days");
    done("young", 20_000, "29 days");
    try (NodeStore other = DB.queue().store().join(SPEC)) {
      assertThat(other.reap().more()).isFalse();
      assertThat(DB.number("SELECT count(*) FROM deriver.done")).isEqualTo(24_500);
    }
    try (NodeStore purging = keeping().store().join(SPEC)) {
      assertThat(purging.reap().more()).isTrue();
      assertThat(DB.number("SELECT count(*) FROM deriver.done")).isEqualTo(22_500);
      assertThat(purging.reap().more()).isTrue();
      assertThat(purging.reap().more()).isFalse();
    }
    assertThat(DB.column("SELECT DISTINCT key FROM deriver.done")).containsExactly("young");

    DB.execute("VACUUM deriver.done");
    long keep = Duration.ofDays(30).toMillis();
    assertThat(buffers("SELECT deriver.purge_done_v1(%d, 2000)".formatted(keep))).isLessThan(50);
  }

  @Test
  @DisplayName("it is dropped where the table is published, too")
  void purgingUnderAPublication() {
    done("old", 10, "31 days");
    DB.execute("CREATE PUBLICATION of_done FOR TABLE deriver.done");
    try (NodeStore purging = keeping().store().join(SPEC)) {
      purging.reap();
      assertThat(DB.number("SELECT count(*) FROM deriver.done")).isZero();
    } finally {
      DB.execute("DROP PUBLICATION of_done");
    }
  }

  @Test
  @DisplayName("dead letters that are young are not even looked at by the purge")
  void purgingDeadLetters() throws SQLException {
    DB.execute(
        """
        INSERT INTO deriver.dead_letter (id, type, key, payload, bytes, weight, enqueued_at, attempts, ended, errors)
        SELECT n, 'mail', 'k' || n, '"x"', 3, 1, now(), 1, '{}', '[]' FROM generate_series(1, 20000) n
        """);
    DB.execute("VACUUM ANALYZE deriver.dead_letter");
    long keep = Duration.ofDays(30).toMillis();
    assertThat(buffers("SELECT deriver.purge_v1(%d, 500)".formatted(keep))).isLessThan(50);
  }

  @Test
  @DisplayName("the last of a key are read by their index, however many others there are")
  void reading() throws SQLException {
    done("other", 20_000, "1 day");
    done("key", 3, "2 days");
    DB.execute("VACUUM ANALYZE deriver.done");
    assertThat(
            buffers(
                "SELECT * FROM deriver.done WHERE type = 'mail' AND key = 'key'"
                    + " ORDER BY ended_at DESC, id DESC LIMIT 2"))
        .isLessThan(20);
    assertThat(DB.queue().operations().done(MAIL, "key", 2)).hasSize(2);
  }

  @Test
  void badSettings() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PostgresQueue.builder(DB.dataSource()).keepDone(Duration.ZERO))
        .withMessageContaining("keepDone is PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DB.queue().operations().done(MAIL, "key", 0))
        .withMessageContaining("limit is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DB.queue().operations().done(MAIL, " ", 1));
  }

  /** The shared buffers of one call, once its plans are cached. */
  private static long buffers(String sql) throws SQLException {
    try (Connection connection = DB.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 3; i++) {
        statement.execute(DB.sql(sql));
      }
      String plan =
          String.valueOf(
              Db.column(connection, DB.sql("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql))
                  .get(0));
      JsonNode top = new ObjectMapper().readTree(plan).get(0).get("Plan");
      return top.get("Shared Hit Blocks").asLong() + top.get("Shared Read Blocks").asLong();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static void done(String key, int number, String age) {
    DB.execute(
        """
        INSERT INTO deriver.done (id, type, key, how, attempts, ended, enqueued_at, ended_at)
        SELECT nextval('deriver.item_number'), 'mail', '%s', 'completed', 1, '{}', now(), now() - interval '%s'
          FROM generate_series(1, %d) n
        """
            .formatted(key, age, number));
  }
}
