package io.deriver.jdbc.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A transaction of one round trip: begin, local limits, one statement and commit go to the server
 * together. Whatever the connection's defaults are, it is READ COMMITTED and read-write, and it
 * leaves no session state behind.
 */
public final class Tx {

  /** Has what ends in the transaction kept; an expression to select. */
  static final String KEEP = "set_config('deriver_run.keep', 'on', true)";

  private final String begin;

  private Tx(String begin) {
    this.begin = begin;
  }

  private static String begin(Duration limit, Duration lockLimit, Duration whole) {
    long ms = Math.max(1, limit.toMillis());
    return ("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
            + " SELECT set_config('statement_timeout', '%d', true),"
            + " set_config('idle_in_transaction_session_timeout', '%d', true),"
            + " set_config('lock_timeout', '%d', true), %s")
        .formatted(
            ms,
            ms,
            Math.max(1, lockLimit.toMillis()),
            transactionTimeout("'" + whole.toMillis() + "'"));
  }

  /**
   * Bounds the whole transaction, in an expression to select. The other limits do not run while the
   * server waits for the rest of a request: were a commit lost on its way, the locks would stay for
   * as long as TCP believes in the connection. Servers before Postgres 17 do not know it.
   */
  static String transactionTimeout(String millis) {
    return ("CASE WHEN current_setting('server_version_num')::int >= 170000"
            + " THEN set_config('transaction_timeout', %s, true) END")
        .formatted(millis);
  }

  /**
   * Transactions in which a statement may take so long, and wait so long for a lock.
   *
   * @param whole how long all of it may take; longer than {@code limit}
   */
  static Tx limited(Duration limit, Duration lockLimit, Duration whole) {
    return new Tx(begin(limit, lockLimit, whole));
  }

  /** These, and what ends in them is kept, if it is to be; else they are as they were. */
  Tx keeping(Retention retention) {
    return retention.keepsDone() ? new Tx(begin + ", " + KEEP) : this;
  }

  /**
   * Runs one statement that answers rows, on a connection that commits by itself. After an
   * exception the connection may stand in a failed transaction.
   */
  <T> T query(Connection connection, String sql, Binder binder, Reader<T> reader)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(begin + "; " + sql + "; COMMIT")) {
      binder.bind(statement);
      boolean rows = statement.execute();
      boolean limits = true;
      while (rows || statement.getUpdateCount() != -1) {
        if (rows && limits) {
          limits = false;
        } else if (rows) {
          try (ResultSet result = statement.getResultSet()) {
            return reader.read(result);
          }
        }
        rows = statement.getMoreResults();
      }
      throw new SQLException("the statement answered no rows", "XX000");
    }
  }

  /**
   * Does several things in one such transaction, on a connection that commits by itself. After an
   * exception the connection may stand in a failed transaction.
   */
  <T, X extends Exception> T around(Connection connection, Body<T, X> body) throws SQLException, X {
    try (Statement statement = connection.createStatement()) {
      statement.execute(begin);
      T answer = body.run();
      statement.execute("COMMIT");
      return answer;
    }
  }

  /** What is done in a transaction. */
  @FunctionalInterface
  interface Body<T, X extends Exception> {
    T run() throws X;
  }

  /** Sets the parameters. */
  @FunctionalInterface
  interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  /** Reads the answer, positioned before its first row. */
  @FunctionalInterface
  interface Reader<T> {
    T read(ResultSet rows) throws SQLException;
  }
}
