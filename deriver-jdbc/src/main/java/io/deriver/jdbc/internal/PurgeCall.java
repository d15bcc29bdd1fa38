package io.deriver.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Drops what has been kept long enough, a bounded number in a pass. */
final class PurgeCall {

  private final String sql;
  private final Duration keep;
  private final int atMost;
  private final Tx tx;

  /**
   * @param sql takes for how long and at most how many, and answers how many
   */
  PurgeCall(String sql, Duration keep, int atMost, Tx tx) {
    this.sql = sql;
    this.keep = keep;
    this.atMost = atMost;
    this.tx = tx;
  }

  /** Says whether there may be more. */
  boolean purge(Connection connection) throws SQLException {
    return tx.query(
        connection,
        sql,
        statement -> {
          statement.setLong(1, keep.toMillis());
          statement.setInt(2, atMost);
        },
        rows -> rows.next() && rows.getLong(1) == atMost);
  }
}
