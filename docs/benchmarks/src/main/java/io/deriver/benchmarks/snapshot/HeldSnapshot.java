package io.deriver.benchmarks.snapshot;

import io.deriver.benchmarks.server.Server;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A transaction that has looked at the keys and stays open. Used by one thread. */
final class HeldSnapshot implements AutoCloseable {

  private final Server server;
  private final Connection connection;
  private final String session;

  HeldSnapshot(Server server) throws SQLException {
    this.server = server;
    connection = server.control();
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT %s pg_backend_pid(), count(*) FROM %s.head"
                    .formatted(Server.CONTROL, Server.SCHEMA))) {
      row.next();
      session = row.getString(1);
    }
  }

  /** Sees to it that the server has kept what the snapshot may still read. */
  void requireHeld() throws SQLException {
    String held =
        server.value(
            "SELECT %s count(backend_xmin) FROM pg_stat_activity WHERE pid = %s"
                .formatted(Server.CONTROL, session));
    if (!held.equals("1")) {
      throw new IllegalStateException("the snapshot was not held");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.rollback();
    connection.close();
  }
}
