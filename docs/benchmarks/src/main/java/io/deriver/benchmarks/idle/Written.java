package io.deriver.benchmarks.idle;

import io.deriver.benchmarks.server.Server;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What was written by a moment.
 *
 * @param transactions that wrote anything, whoever's
 * @param rows inserted, changed or deleted in the benchmarks' schema
 * @param walBytes whoever wrote them
 */
record Written(double transactions, double rows, double walBytes) {

  private static final String NOW =
      """
      SELECT %s pg_snapshot_xmax(pg_current_snapshot())::text::numeric,
             (SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)
                FROM pg_stat_user_tables WHERE schemaname = '%s'),
             pg_current_wal_insert_lsn() - '0/0'::pg_lsn
      """
          .formatted(Server.CONTROL, Server.SCHEMA);

  /** By now. */
  static Written now(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(NOW)) {
      row.next();
      return new Written(row.getDouble(1), row.getDouble(2), row.getDouble(3));
    }
  }

  Written since(Written before) {
    return new Written(
        transactions - before.transactions, rows - before.rows, walBytes - before.walBytes);
  }
}
