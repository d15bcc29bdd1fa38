package io.deriver.jdbc.internal;

import io.deriver.jdbc.internal.Encoder.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Adds items and the inbox rows that name them: inserts only, so that it waits for nobody and
 * nobody waits for it, however long the caller's transaction lasts.
 */
final class EnqueueCall {

  // The inbox number is taken after the items are in, so in a transaction that has its id by then:
  // the router relies on it. A long call is cut into inbox rows of a thousand.
  private static final String SQL =
      """
      WITH added AS (
        INSERT INTO deriver.item (type, key, payload, bytes, weight, variant, priority, due_at)
        SELECT u.type, u.key, u.payload, octet_length(u.payload), u.weight, u.variant, u.priority,
               CASE WHEN u.delay > 0 THEN clock_timestamp() + u.delay * interval '1 millisecond' END
          FROM unnest(?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::smallint[], ?::bigint[]) WITH ORDINALITY
               u(type, key, payload, weight, variant, priority, delay, n)
         ORDER BY u.n
        RETURNING id, type),
      noted AS (
        INSERT INTO deriver.inbox (type, id, ids)
        SELECT g.type, nextval('deriver.inbox_number'), g.ids
          FROM (SELECT a.type, array_agg(a.id ORDER BY a.id) AS ids
                  FROM (SELECT id, type, (row_number() OVER (PARTITION BY type ORDER BY id) - 1) / 1000 AS chunk
                          FROM added) a
                 GROUP BY a.type, a.chunk ORDER BY min(a.id)) g)
      SELECT id%s FROM added ORDER BY id
      """;
  private static final String NOTIFY =
      ", CASE WHEN row_number() OVER (ORDER BY id) = 1 THEN pg_notify('%s', '') END";

  private final String plain;
  private final String notifying;

  EnqueueCall(SchemaName schema) {
    plain = schema.sql(SQL.formatted(""));
    notifying = schema.sql(SQL.formatted(NOTIFY.formatted(schema.channel())));
  }

  /** In a transaction of its own, in one round trip. */
  List<Long> alone(Connection connection, Tx tx, List<Row> rows, boolean notify)
      throws SQLException {
    return tx.query(
        connection,
        notify ? notifying : plain,
        statement -> bind(statement, rows),
        EnqueueCall::ids);
  }

  /** In the caller's transaction, of which nothing is changed. */
  List<Long> within(Connection connection, List<Row> rows, boolean notify) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(notify ? notifying : plain)) {
      bind(statement, rows);
      try (ResultSet result = statement.executeQuery()) {
        return ids(result);
      }
    }
  }

  private static List<Long> ids(ResultSet rows) throws SQLException {
    List<Long> ids = new ArrayList<>();
    while (rows.next()) {
      ids.add(rows.getLong(1));
    }
    return ids;
  }

  private static void bind(PreparedStatement statement, List<Row> rows) throws SQLException {
    Connection connection = statement.getConnection();
    statement.setArray(1, array(connection, "text", rows, Row::type));
    statement.setArray(2, array(connection, "text", rows, Row::key));
    statement.setArray(3, array(connection, "text", rows, Row::payload));
    statement.setArray(4, array(connection, "int4", rows, Row::weight));
    statement.setArray(5, array(connection, "text", rows, Row::variant));
    statement.setArray(6, array(connection, "int2", rows, Row::priority));
    statement.setArray(7, array(connection, "int8", rows, Row::delayMillis));
  }

  private static java.sql.Array array(
      Connection connection, String type, List<Row> rows, Function<Row, Object> of)
      throws SQLException {
    return connection.createArrayOf(type, rows.stream().map(of).toArray());
  }
}
