package io.deriver.soak.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The table that the ledger is, in a schema which the library knows nothing of. */
public record LedgerTable(String schema) {

  private static final String MAKE =
      """
      DROP SCHEMA IF EXISTS %1$s CASCADE;
      CREATE SCHEMA %1$s;
      CREATE TABLE %1$s.ledger (
        seq         bigserial PRIMARY KEY,
        at          timestamptz NOT NULL DEFAULT clock_timestamp(),
        transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
        saw         pg_snapshot NOT NULL DEFAULT pg_current_snapshot(),
        kind        text NOT NULL,
        process     text NOT NULL,
        key         text NOT NULL,
        fence       bigint NOT NULL,
        attempt     int NOT NULL,
        items       bigint[] NOT NULL,
        what        text NOT NULL,
        until       timestamptz)
      """;
  private static final String ALL =
      "SELECT seq, at, transaction::text::bigint AS transaction, saw::text AS saw, kind, process,"
          + " key, fence, attempt, items, what, until FROM %s.ledger ORDER BY seq";
  private static final int ROWS_AT_A_TIME = 5_000;

  /** Makes it, empty. */
  public void make(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(MAKE.formatted(schema));
    }
  }

  /**
   * All entries in the order in which they were written.
   *
   * @param tx a connection that does not commit by itself: the answer may be large
   */
  public List<Entry> read(Connection tx) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    try (Statement statement = tx.createStatement()) {
      statement.setFetchSize(ROWS_AT_A_TIME);
      try (ResultSet row = statement.executeQuery(ALL.formatted(schema))) {
        while (row.next()) {
          entries.add(entry(row));
        }
      }
    }
    return entries;
  }

  private static Entry entry(ResultSet row) throws SQLException {
    Entry.Mark mark =
        new Entry.Mark(
            row.getLong("seq"),
            row.getTimestamp("at").toInstant(),
            row.getLong("transaction"),
            Snapshot.parse(row.getString("saw")));
    String process = row.getString("process");
    String key = row.getString("key");
    String what = row.getString("what");
    long fence = row.getLong("fence");
    int attempt = row.getInt("attempt");
    List<Long> items = Arrays.asList((Long[]) row.getArray("items").getArray());
    return switch (row.getString("kind")) {
      case "enqueued" -> new Entry.Enqueued(mark, key, items.get(0), Fate.valueOf(what));
      case "started" -> new Entry.Started(mark, process, key, fence, attempt, items);
      case "effect" -> new Entry.Effect(mark, process, key, fence, items.get(0));
      case "told" -> new Entry.Told(mark, process, Said.valueOf(what), key, fence, attempt);
      case "faulted" -> new Entry.Faulted(mark, process, Fault.valueOf(what));
      case "held" -> {
        Instant guard = row.getTimestamp("until").toInstant();
        yield new Entry.Held(mark, process, key, fence, guard);
      }
      default -> throw new IllegalStateException("no entry is a " + row.getString("kind"));
    };
  }
}
