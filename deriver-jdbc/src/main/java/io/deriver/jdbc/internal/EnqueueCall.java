package io.deriver.jdbc.internal;

import io.deriver.Deduplication;
import io.deriver.jdbc.internal.Encoder.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adds items and the inbox rows that name them: inserts only, so that it waits for nobody and
 * nobody waits for it, however long the caller's transaction lasts.
 */
final class EnqueueCall {

  // The inbox number is taken after the items are in, as by deriver.enqueue_v1, which does the same
  // for items without a dedupe key. Which item waits is only read: nobody is waited for, and the
  // router decides what becomes of it.
  private static final String DEDUPED =
      """
      WITH asked AS MATERIALIZED (
        SELECT u.*, t.o_id AS twin, t.o_key AS twin_key
          FROM unnest(?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::smallint[], ?::bigint[], ?::text[], ?::"char"[]) WITH ORDINALITY
               u(type, key, payload, weight, variant, priority, delay, dedupe, dedupe_mode, n)
          LEFT JOIN LATERAL deriver.twin_v1(u.type, u.dedupe) t ON true),
      added AS (
        INSERT INTO deriver.item (type, key, payload, bytes, weight, variant, priority, due_at, dedupe, dedupe_mode)
        SELECT u.type, u.key, u.payload, octet_length(u.payload), u.weight, u.variant, u.priority,
               CASE WHEN u.delay > 0 THEN clock_timestamp() + u.delay * interval '1 millisecond' END, u.dedupe, u.dedupe_mode
          FROM asked u
         ORDER BY u.n
        RETURNING id, type),
      noted AS (
        INSERT INTO deriver.inbox (type, id, ids)
        SELECT g.type, nextval('deriver.inbox_number'), g.ids
          FROM (SELECT a.type, array_agg(a.id ORDER BY a.id) AS ids
                  FROM (SELECT id, type, (row_number() OVER (PARTITION BY type ORDER BY id) - 1) / 200 AS chunk
                          FROM added) a
                 GROUP BY a.type, a.chunk ORDER BY min(a.id)) g)
      SELECT a.id, q.twin, q.twin_key%s
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM added) a JOIN asked q ON q.n = a.n
       ORDER BY a.id
      """;
  private static final String NOTIFY =
      ", CASE WHEN row_number() OVER (ORDER BY id) = 1 THEN pg_notify('%s', '') END";

  private final SchemaName schema;
  private final boolean prepares;
  private final String silent;
  private final String notifying;

  /**
   * @param prepares whether the driver may prepare the statements on the server
   */
  EnqueueCall(SchemaName schema, boolean prepares) {
    this.schema = schema;
    this.prepares = prepares;
    silent = schema.sql(DEDUPED.formatted(""));
    notifying = schema.sql(DEDUPED.formatted(NOTIFY.formatted(schema.channel())));
  }

  /** In a transaction of its own, in one round trip. */
  List<Added> alone(Connection connection, Tx tx, List<Row> rows, boolean notify)
      throws SQLException {
    if (isDeduped(rows)) {
      return tx.query(
          connection,
          notify ? notifying : silent,
          statement -> bind(statement, rows),
          EnqueueCall::added);
    }
    PlainEnqueue plain = new PlainEnqueue(schema, rows);
    return tx.query(
        connection,
        plain.sql(),
        statement -> plain.bind(statement, notify),
        result -> Added.plain(plain.read(result)));
  }

  /** In the caller's transaction, of which nothing is changed. */
  List<Added> within(Connection connection, List<Row> rows, boolean notify) throws SQLException {
    if (isDeduped(rows)) {
      return within(
          connection,
          notify ? notifying : silent,
          statement -> bind(statement, rows),
          EnqueueCall::added);
    }
    PlainEnqueue plain = new PlainEnqueue(schema, rows);
    return within(
        connection,
        plain.sql(),
        statement -> plain.bind(statement, notify),
        result -> Added.plain(plain.read(result)));
  }

  private List<Added> within(
      Connection connection, String sql, Tx.Binder binder, Tx.Reader<List<Added>> reader)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (!prepares) {
        PgDriver.withoutServerPreparedStatements(statement);
      }
      binder.bind(statement);
      try (ResultSet result = statement.executeQuery()) {
        return reader.read(result);
      }
    }
  }

  private static boolean isDeduped(List<Row> rows) {
    return rows.stream().anyMatch(row -> row.deduplication() != null);
  }

  private static List<Added> added(ResultSet rows) throws SQLException {
    List<Added> added = new ArrayList<>();
    while (rows.next()) {
      String twinKey = rows.getString(3);
      added.add(
          new Added(rows.getLong(1), twinKey == null ? null : new Twin(rows.getLong(2), twinKey)));
    }
    return added;
  }

  private static void bind(PreparedStatement statement, List<Row> rows) throws SQLException {
    Connection connection = statement.getConnection();
    statement.setArray(1, SqlArrays.texts(connection, rows, Row::type));
    statement.setArray(2, SqlArrays.texts(connection, rows, Row::key));
    statement.setArray(3, SqlArrays.texts(connection, rows, Row::payload));
    statement.setArray(4, SqlArrays.ints(connection, rows, Row::weight));
    statement.setArray(5, SqlArrays.texts(connection, rows, Row::variant));
    statement.setArray(6, SqlArrays.shorts(connection, rows, Row::priority));
    statement.setArray(7, SqlArrays.longs(connection, rows, Row::delayMillis));
    statement.setArray(
        8, SqlArrays.texts(connection, rows, row -> dedupe(row, Deduplication::key)));
    statement.setArray(9, SqlArrays.texts(connection, rows, row -> dedupe(row, EnqueueCall::mode)));
  }

  private static @Nullable String dedupe(Row row, Function<Deduplication, String> of) {
    return row.deduplication() == null ? null : of.apply(row.deduplication());
  }

  private static String mode(Deduplication deduplication) {
    return switch (deduplication.mode()) {
      case KEEP_FIRST -> "k";
      case REPLACE -> "r";
      case PUSH_BACK -> "p";
    };
  }

  /** An item that was added, and the one of its dedupe key that waited when the call began. */
  record Added(long id, @Nullable Twin twin) {
    private static List<Added> plain(List<Long> ids) {
      return ids.stream().map(id -> new Added(id, null)).toList();
    }
  }

  /** An item that waits under a key. */
  record Twin(long id, String key) {}
}
