package io.deriver.benchmarks.measure;

import io.deriver.benchmarks.server.Server;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What pg_stat_statements adds up over a database's statements since it was reset. */
public enum Counted {
  /** How many there were. */
  STATEMENTS("calls"),
  /** How many blocks they touched in the server's cache or read into it. */
  BUFFERS("shared_blks_hit + shared_blks_read"),
  /** How long the server took to execute them, in ms. */
  MILLIS("total_exec_time");

  /** Statements that begin, end or limit a transaction, as a regular expression; and our own. */
  public static final String APART =
      "^(BEGIN|START|COMMIT|ROLLBACK|SET|SHOW|DISCARD|SELECT set_config|VACUUM)|bench control";

  private final String sum;

  Counted(String sum) {
    this.sum = sum;
  }

  /** Of the statements that match, those of the benchmarks and of transactions' ends apart. */
  public double in(Connection connection, String pattern) throws SQLException {
    String sql =
        """
        SELECT %s coalesce(sum(%s), 0) FROM pg_stat_statements
         WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND query !~* ? AND query ~* ?
        """
            .formatted(Server.CONTROL, sum);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, APART);
      statement.setString(2, pattern);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getDouble(1);
      }
    }
  }
}
