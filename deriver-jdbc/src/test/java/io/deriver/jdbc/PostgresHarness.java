package io.deriver.jdbc;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.WorkStore;
import io.deriver.testkit.store.ErrorEntry;
import io.deriver.testkit.store.StoreCounts;
import io.deriver.testkit.store.contract.StoreHarness;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Postgres as the store contract sees it. */
final class PostgresHarness implements StoreHarness {

  private static final String PENDING =
      """
      SELECT p.id FROM (
        SELECT 0 AS place, 0::bigint AS number, u.n, u.id FROM deriver.head h, unnest(h.ids) WITH ORDINALITY u(id, n)
         WHERE h.type = ? AND h.key = ?
        UNION ALL
        SELECT 1, s.number, u.n, u.id FROM deriver.segment s, unnest(s.ids) WITH ORDINALITY u(id, n)
         WHERE s.type = ? AND s.key = ?
        UNION ALL
        SELECT 2, b.id, u.n, u.id FROM deriver.inbox b, unnest(b.ids) WITH ORDINALITY u(id, n)
          JOIN deriver.item i ON i.id = u.id WHERE i.type = ? AND i.key = ?) p
       ORDER BY p.place, p.number, p.n
      """;
  private static final String ERRORS =
      """
      SELECT e.error ->> 'at', e.error ->> 'attempt', e.error ->> 'cause', e.error ->> 'node', e.error ->> 'error'
        FROM deriver.head h, jsonb_array_elements(h.errors) WITH ORDINALITY e(error, n)
       WHERE h.type = ? AND h.key = ? ORDER BY e.n
      """;

  private final Db db;
  private final PostgresQueue queue;

  PostgresHarness(Db db, PostgresQueue queue) {
    this.db = db;
    this.queue = queue;
    db.empty();
    db.execute("CREATE TABLE IF NOT EXISTS deriver.effect (text text)");
    db.execute("TRUNCATE deriver.effect");
  }

  @Override
  public WorkStore store() {
    return queue.store();
  }

  @Override
  public List<Long> enqueueAll(List<? extends Item<?>> items) {
    return queue.enqueueAll(items).stream().map(Enqueued::id).toList();
  }

  @Override
  public void age(Duration by) {
    db.age(by);
  }

  @Override
  public List<Long> pending(String type, String key) {
    List<Long> ids = new ArrayList<>();
    query(PENDING, row -> ids.add(row.getLong(1)), type, key, type, key, type, key);
    return ids;
  }

  @Override
  public List<ErrorEntry> errors(String type, String key) {
    List<ErrorEntry> errors = new ArrayList<>();
    query(
        ERRORS,
        row ->
            errors.add(
                new ErrorEntry(
                    OffsetDateTime.parse(row.getString(1)).toInstant(),
                    row.getInt(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5))),
        type,
        key);
    return errors;
  }

  private void query(String sql, RowReader reader, String... parameters) {
    try (Connection connection = Db.hand();
        PreparedStatement statement = connection.prepareStatement(db.sql(sql))) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          reader.read(rows);
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public StoreCounts counts() {
    QueueCounts counts = queue.counts();
    return new StoreCounts(
        (int) counts.pendingItems(),
        (int) counts.pendingKeys(),
        (int) counts.runningUnits(),
        (int) counts.deadItems());
  }

  @Override
  public List<io.deriver.testkit.store.DeadLetter> deadLetters() {
    List<io.deriver.testkit.store.DeadLetter> all = new ArrayList<>();
    for (@Nullable String type : db.column("SELECT DISTINCT type FROM deriver.dead_letter")) {
      if (type != null) {
        queue.deadLetters(type, 0, 1_000).forEach(letter -> all.add(convert(letter)));
      }
    }
    return all;
  }

  private static io.deriver.testkit.store.DeadLetter convert(DeadLetter letter) {
    return new io.deriver.testkit.store.DeadLetter(
        letter.id(),
        letter.type(),
        letter.key(),
        letter.payload(),
        letter.weight(),
        letter.variant(),
        letter.priority(),
        letter.enqueuedAt(),
        letter.diedAt(),
        letter.attempts(),
        letter.ended(),
        letter.errors().stream()
            .map(e -> new ErrorEntry(e.at(), e.attempt(), e.cause(), e.node(), e.error()))
            .toList());
  }

  @Override
  public void flush(ItemType<?> type, String key) {
    queue.flush(type, key);
  }

  @Override
  public void flush(ItemType<?> type) {
    queue.flush(type);
  }

  @Override
  public void flushAll() {
    queue.flushAll();
  }

  @Override
  public boolean pause(ItemType<?> type) {
    return queue.operations().pause(type);
  }

  @Override
  public boolean resume(ItemType<?> type) {
    return queue.operations().resume(type);
  }

  @Override
  public long cancelPending(ItemType<?> type, String key) {
    return queue.operations().cancelPending(type, key);
  }

  @Override
  public List<io.deriver.testkit.store.DoneItem> done(String type, String key, int limit) {
    return queue.operations().done(ItemType.of(type, String.class), key, limit).stream()
        .map(PostgresHarness::convert)
        .toList();
  }

  private static io.deriver.testkit.store.DoneItem convert(DoneItem item) {
    return new io.deriver.testkit.store.DoneItem(
        item.id(),
        item.type(),
        item.key(),
        io.deriver.testkit.store.DoneItem.How.valueOf(item.how().name()),
        item.attempts(),
        item.ended(),
        item.enqueuedAt(),
        item.endedAt(),
        item.node().orElse(null),
        item.fence().orElse(0));
  }

  @Override
  public boolean cancelRunning(ItemType<?> type, String key) {
    return queue.operations().cancelRunning(type, key);
  }

  @Override
  public void requeue(long id) {
    queue.requeue(List.of(id));
  }

  @Override
  public void discard(long id) {
    queue.discard(List.of(id));
  }

  @Override
  public CompletionStep step(String effect, Callable<?> call) {
    Outcome outcome =
        queue.applyJdbc(
            tx -> {
              try (Statement statement = tx.createStatement()) {
                statement.execute(
                    db.sql(
                        "INSERT INTO deriver.effect VALUES ('" + effect.replace("'", "''") + "')"));
              }
              call.call();
            });
    return ((Outcome.Apply) outcome).step();
  }

  @Override
  public List<String> effects() {
    List<String> effects = new ArrayList<>();
    db.column("SELECT text FROM deriver.effect").forEach(text -> effects.add(String.valueOf(text)));
    return effects;
  }

  @Override
  public void close() {}

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }
}
