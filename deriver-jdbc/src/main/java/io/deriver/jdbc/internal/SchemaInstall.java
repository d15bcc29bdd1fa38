package io.deriver.jdbc.internal;

import io.deriver.spi.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** Runs the SQL of the jar, once: several processes may try at the same time. */
public final class SchemaInstall {

  private static final String V1 = "/io/deriver/jdbc/V1__deriver.sql";

  private final SchemaName schema;

  public SchemaInstall(SchemaName schema) {
    this.schema = schema;
  }

  /** Installs what is missing; does nothing to a schema that is up to date or newer. */
  public void run(HostCalls calls) {
    calls.inTransaction("install schema '" + schema + "'", this::install);
  }

  private boolean install(Connection connection) throws SQLException {
    lock(connection);
    if (new SchemaCheck(schema).installedOrNone(connection) == 0) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(script());
      }
    }
    return true;
  }

  private void lock(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtext(?))")) {
      statement.setString(1, "deriver install " + schema);
      statement.execute();
    }
  }

  private String script() {
    try (InputStream in = SchemaInstall.class.getResourceAsStream(V1)) {
      if (in == null) {
        throw new StoreException(V1 + " is missing in the jar of deriver-jdbc", null);
      }
      return schema.sql(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
