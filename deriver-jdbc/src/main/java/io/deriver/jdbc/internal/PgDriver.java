package io.deriver.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/** What only the driver's own interface can do. Without it, deriver works and does not listen. */
final class PgDriver {

  private static final boolean PRESENT = present();

  private PgDriver() {}

  private static boolean present() {
    try {
      Class.forName("org.postgresql.PGConnection", false, PgDriver.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** The driver's own view of the connection, if it can be had. */
  static @Nullable PGConnection unwrap(Connection connection) throws SQLException {
    return PRESENT && connection.isWrapperFor(PGConnection.class)
        ? connection.unwrap(PGConnection.class)
        : null;
  }

  /**
   * Keeps the driver from preparing statements on the server: behind a proxy that pools by
   * transaction the next call may meet another server connection. The plans that matter are those
   * inside the schema's functions, which the server caches by itself; the statements that call them
   * are parsed and planned each time.
   *
   * @return what takes this back
   */
  static AutoCloseable withoutServerPreparedStatements(Connection connection) throws SQLException {
    if (!PRESENT || !connection.isWrapperFor(PGConnection.class)) {
      return () -> {};
    }
    PGConnection pg = connection.unwrap(PGConnection.class);
    int before = pg.getPrepareThreshold();
    pg.setPrepareThreshold(0);
    return () -> pg.setPrepareThreshold(before);
  }

  /** The same for one statement alone, on a connection of which nothing is to be changed. */
  static void withoutServerPreparedStatements(Statement statement) throws SQLException {
    if (PRESENT && statement.isWrapperFor(PGStatement.class)) {
      statement.unwrap(PGStatement.class).setPrepareThreshold(0);
    }
  }
}
