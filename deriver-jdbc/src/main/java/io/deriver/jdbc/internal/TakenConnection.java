package io.deriver.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/** A connection of a DataSource, set up for short library calls, and put back as it came. */
final class TakenConnection implements AutoCloseable {

  private final Connection connection;
  private final boolean autoCommit;
  private final int networkTimeout;
  private final AutoCloseable preparing;

  private TakenConnection(Connection connection, Duration networkLimit, boolean prepares)
      throws SQLException {
    this.connection = connection;
    autoCommit = connection.getAutoCommit();
    if (!autoCommit) {
      connection.setAutoCommit(true);
    }
    networkTimeout = connection.getNetworkTimeout();
    if (!networkLimit.isZero()) {
      connection.setNetworkTimeout(Runnable::run, (int) networkLimit.toMillis());
    }
    preparing = prepares ? () -> {} : PgDriver.withoutServerPreparedStatements(connection);
  }

  /**
   * Takes a connection.
   *
   * @param networkLimit how long the network may be silent; zero leaves what was set
   * @param prepares whether the driver may prepare statements on the server, as it was set up to
   */
  static TakenConnection from(DataSource source, Duration networkLimit, boolean prepares)
      throws SQLException {
    Connection connection = source.getConnection();
    try {
      return new TakenConnection(connection, networkLimit, prepares);
    } catch (SQLException | RuntimeException | Error e) {
      closeQuietly(connection, e);
      throw e;
    }
  }

  /** As {@link #from}, where what was set stays if it is shorter. */
  static TakenConnection ofHost(DataSource source, Duration networkLimit, boolean prepares)
      throws SQLException {
    TakenConnection taken = from(source, Duration.ZERO, prepares);
    try {
      if (taken.networkTimeout == 0 || taken.networkTimeout > networkLimit.toMillis()) {
        taken.connection.setNetworkTimeout(Runnable::run, (int) networkLimit.toMillis());
      }
      return taken;
    } catch (SQLException | RuntimeException | Error e) {
      closeQuietly(taken.connection, e);
      throw e;
    }
  }

  Connection connection() {
    return connection;
  }

  /** After a failure: ends what the server may still have open. */
  void rollback() {
    try (var statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      // The connection is broken; its pool finds out by itself.
      closeQuietly(connection, e);
    }
  }

  /** Cuts the connection off, from any thread. */
  void abort() throws SQLException {
    cutOff(connection);
  }

  /**
   * Cuts a connection off, from any thread. Then fails on it on purpose: a pool finds out by what a
   * statement throws, and would else hand the dead connection to the host.
   */
  static void cutOff(Connection connection) throws SQLException {
    connection.abort(Runnable::run);
    try (Statement probe = connection.createStatement()) {
      probe.execute("SELECT 1");
    } catch (SQLException dead) {
      // As it must be.
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      if (!connection.isClosed()) {
        preparing.close();
        connection.setNetworkTimeout(Runnable::run, networkTimeout);
        connection.setAutoCommit(autoCommit);
      }
    } catch (SQLException e) {
      throw e;
    } catch (Exception e) {
      throw new SQLException(e);
    } finally {
      connection.close();
    }
  }

  private static void closeQuietly(Connection connection, Throwable because) {
    try {
      connection.close();
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }
}
