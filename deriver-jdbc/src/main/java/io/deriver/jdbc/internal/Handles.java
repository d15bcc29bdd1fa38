package io.deriver.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;

/**
 * JDBI handles on connections that are not the handle's to close, nor their transactions to end.
 */
public final class Handles {

  private Handles() {}

  /** Lends a handle on the connection. */
  public static <T, X extends Exception> T with(Connection connection, HandleCallback<T, X> work)
      throws X {
    Jdbi jdbi = Jdbi.create(new Lent(connection));
    try (Handle handle = jdbi.open()) {
      handle.getConfig(org.jdbi.v3.core.Handles.class).setForceEndTransactions(false);
      return work.withHandle(handle);
    }
  }

  private record Lent(Connection connection) implements ConnectionFactory {

    @Override
    public Connection openConnection() {
      return connection;
    }

    @Override
    public void closeConnection(Connection connection) throws SQLException {
      // It belongs to whoever lent it.
    }
  }
}
