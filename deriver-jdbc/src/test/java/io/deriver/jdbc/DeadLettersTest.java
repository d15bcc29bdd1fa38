package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that dead letters are put back and dropped in any number, by several at a time. */
@Timeout(60)
class DeadLettersTest {

  private static final Db DB = Db.installed("dead_letters");
  private static final int MANY = 10_000;

  private final PostgresQueue queue = DB.queue();

  /** On Java 25 the common pool is used though it may have one thread, and both calls wait. */
  private final Executor ownThread = body -> new Thread(body).start();

  /** In the table they stand the other way round than by their ids. */
  @BeforeEach
  void manyDied() {
    DB.empty();
    DB.execute(
        """
        INSERT INTO deriver.dead_letter (id, type, key, payload, bytes, weight, enqueued_at, attempts, ended, errors)
        SELECT n, 'mail', 'k' || n, '"x"', 3, 1, now(), 1, '{}', '[]' FROM generate_series(%d, 1, -1) n
        """
            .formatted(MANY));
    DB.execute("ANALYZE deriver.dead_letter");
  }

  private static List<Long> all() {
    return LongStream.rangeClosed(1, MANY).boxed().toList();
  }

  /** The router takes whole inbox rows: one that takes longer than a claim may would stop it. */
  @Test
  void manyThatArePutBackAtOnceAreRoutedInParts() {
    assertThat(queue.requeue(all())).isEqualTo(MANY);
    assertThat(DB.number("SELECT max(cardinality(ids)) FROM deriver.inbox")).isEqualTo(200);
    assertThat(
            DB.column(
                "SELECT u.id FROM deriver.inbox b, unnest(b.ids) WITH ORDINALITY u(id, n) ORDER BY"
                    + " b.id, u.n"))
        .as("in their order")
        .containsExactlyElementsOf(all().stream().map(String::valueOf).toList());
  }

  /** One reads the whole table, the other looks two up: both have to lock in one order. */
  @Test
  void twoAtTheSameDeadLettersWaitInOneOrder() throws SQLException {
    CompletableFuture<Integer> dropped;
    CompletableFuture<Integer> putBack;
    try (Held first = new Held(1);
        Held second = new Held(2)) {
      dropped = CompletableFuture.supplyAsync(() -> queue.discard(all()), ownThread);
      await().until(() -> waiting() == 1);
      putBack = CompletableFuture.supplyAsync(() -> queue.requeue(List.of(1L, 2L)), ownThread);
      await().until(() -> waiting() == 2);
      first.letGo();
      // Whoever waited for the first now has it and waits for the second, as the other does.
      await().until(() -> waiting() == 2);
      second.letGo();
    }
    assertThat(dropped.join() + putBack.join()).as("each by one of them").isEqualTo(MANY);
  }

  private static long waiting() {
    return DB.number(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE"
            + " '%dead_letters%'");
  }

  /** A dead letter that a transaction has locked until it is closed. */
  private static final class Held implements AutoCloseable {
    private final Connection connection = Db.hand();

    Held(long id) throws SQLException {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            DB.sql("SELECT FROM deriver.dead_letter WHERE id = %d FOR UPDATE".formatted(id)));
      }
    }

    void letGo() throws SQLException {
      connection.rollback();
    }

    @Override
    public void close() throws SQLException {
      letGo();
      connection.setAutoCommit(true);
      connection.close();
    }
  }
}
