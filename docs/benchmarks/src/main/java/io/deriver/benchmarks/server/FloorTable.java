package io.deriver.benchmarks.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The table that one writes by hand: an id, what it is about, and since when it is claimed. */
public final class FloorTable {

  public static final String NAME = Server.SCHEMA + ".item";

  private static final String INSERT =
      "INSERT INTO %s (type, key, payload) VALUES ('noop', ?, ?)".formatted(NAME);

  private FloorTable() {}

  /** Makes it. */
  public static void create(Server server) throws SQLException {
    server.execute(
        "CREATE SCHEMA " + Server.SCHEMA,
        """
        CREATE TABLE %s (
          id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
          type text NOT NULL, key text NOT NULL, payload text NOT NULL, claimed_at timestamptz)
        """
            .formatted(NAME));
  }

  /** Inserts in one statement, from arrays: nothing that was tried is faster. */
  public static void insertArrays(Connection connection, List<String> keys, List<String> payloads)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO %s (type, key, payload) SELECT 'noop', * FROM unnest(?::text[], ?::text[])"
                .formatted(NAME))) {
      insert.setArray(1, connection.createArrayOf("text", keys.toArray()));
      insert.setArray(2, connection.createArrayOf("text", payloads.toArray()));
      insert.executeUpdate();
    }
  }

  /** Inserts in one transaction, a statement each, sent together. */
  public static void insertBatch(Connection connection, List<String> keys, List<String> payloads)
      throws SQLException {
    try (Statement transaction = connection.createStatement();
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      transaction.execute("BEGIN");
      for (int i = 0; i < keys.size(); i++) {
        bind(insert, keys.get(i), payloads.get(i));
        insert.addBatch();
      }
      insert.executeBatch();
      transaction.execute("COMMIT");
    }
  }

  /** Inserts one. */
  public static void insert(Connection connection, String key, String payload) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      bind(insert, key, payload);
      insert.executeUpdate();
    }
  }

  private static void bind(PreparedStatement insert, String key, String payload)
      throws SQLException {
    insert.setString(1, key);
    insert.setString(2, payload);
  }
}
