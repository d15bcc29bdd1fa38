package io.deriver.recipes;

import io.deriver.RunContext;
import io.deriver.RunContext.Registration;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** JDBC: cancel the statement; abort the connection if that does not help. Thread-safe. */
@SuppressWarnings("try") // registrations and scopes are there to be closed
public final class JdbcCalls {

  private final DataSource dataSource;
  private final Duration grace;

  /**
   * Calls that let go.
   *
   * @param grace for a cancelled statement to end, before its connection is aborted
   */
  public JdbcCalls(DataSource dataSource, Duration grace) {
    this.dataSource = dataSource;
    this.grace = grace;
  }

  // docs:start jdbc
  /** The first column of the first row. */
  public String query(String sql, RunContext run) throws SQLException {
    CountDownLatch ended = new CountDownLatch(1);
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        Registration cancel = run.onCancel(() -> letGo(connection, statement, ended));
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    } finally {
      ended.countDown();
    }
  }

  private void letGo(Connection connection, Statement statement, CountDownLatch ended)
      throws SQLException, InterruptedException {
    try {
      statement.cancel(); // the server ends it, and the connection stays good
    } finally {
      if (!ended.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        connection.abort(Runnable::run); // the network is silent: close the socket
      }
    }
  }
  // docs:end
}
