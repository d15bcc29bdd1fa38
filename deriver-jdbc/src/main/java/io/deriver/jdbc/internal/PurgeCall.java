package io.deriver.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Drops dead letters that have been kept long enough, a bounded number in a pass. */
final class PurgeCall {

  private static final String SQL = "SELECT deriver.purge_v1(?, ?)";
  private static final int AT_MOST = 500;

  private final Duration keep;
  private final Tx tx;
  private final String sql;

  PurgeCall(Duration keep, SchemaName schema, Tx tx) {
    this.keep = keep;
    this.tx = tx;
    sql = schema.sql(SQL);
  }

  /** Says whether there may be more. */
  boolean purge(Connection connection) throws SQLException {
    return tx.query(
        connection,
        sql,
        statement -> {
          statement.setLong(1, keep.toMillis());
          statement.setInt(2, AT_MOST);
        },
        rows -> rows.next() && rows.getLong(1) == AT_MOST);
  }
}
