package io.deriver.jdbc.internal;

import io.deriver.spi.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Whether the schema is there, of the right version, writable, and open to this user. */
public final class SchemaCheck {

  /** The version of the schema that this library works with. */
  static final int VERSION = 1;

  private static final String READ_ONLY = "SELECT pg_is_in_recovery()";
  private static final String THERE =
      "SELECT has_schema_privilege(n.oid, 'USAGE') FROM pg_namespace n WHERE n.nspname = ?";
  private static final String HAS_VERSION = "SELECT to_regclass(?) IS NOT NULL";
  private static final String NEWEST =
      "SELECT version, works_from FROM deriver.schema_version ORDER BY version DESC LIMIT 1";
  private static final String LACKING =
      """
      SELECT 'table ' || t.name || ': ' || p.privilege
        FROM unnest(?::text[], ?::text[]) t(name, privileges)
       CROSS JOIN unnest(string_to_array(t.privileges, ' ')) p(privilege)
       WHERE NOT has_table_privilege(quote_ident(?) || '.' || t.name, p.privilege)
      UNION ALL
      SELECT 'sequence ' || s.name || ': USAGE'
        FROM unnest('{item_number,inbox_number,fence_number}'::text[]) s(name)
       WHERE NOT has_sequence_privilege(quote_ident(?) || '.' || s.name, 'USAGE')
      UNION ALL
      SELECT 'function ' || f.proname || ': EXECUTE'
        FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
       WHERE n.nspname = ? AND NOT has_function_privilege(f.oid, 'EXECUTE')
       ORDER BY 1
      """;
  private static final Map<String, String> NEEDED =
      Map.of(
          "type", "SELECT INSERT UPDATE",
          "item", "SELECT INSERT UPDATE DELETE",
          "inbox", "SELECT INSERT UPDATE DELETE",
          "head", "SELECT INSERT UPDATE DELETE",
          "segment", "SELECT INSERT UPDATE DELETE",
          "node", "SELECT INSERT UPDATE DELETE",
          "dead_letter", "SELECT INSERT UPDATE DELETE",
          "done", "SELECT INSERT UPDATE DELETE");

  private final SchemaName schema;

  public SchemaCheck(SchemaName schema) {
    this.schema = schema;
  }

  /** For a node: schema, version, a writable server and every privilege. Answers true. */
  boolean forWorking(Connection connection) throws SQLException {
    version(connection);
    try (PreparedStatement statement = connection.prepareStatement(LACKING)) {
      List<String> tables = List.copyOf(NEEDED.keySet());
      statement.setArray(1, SqlArrays.texts(connection, tables));
      statement.setArray(2, SqlArrays.texts(connection, tables, NEEDED::get));
      statement.setString(3, schema.value());
      statement.setString(4, schema.value());
      statement.setString(5, schema.value());
      try (ResultSet rows = statement.executeQuery()) {
        if (rows.next()) {
          throw new StoreException(
              "could not use schema '%s': the database user lacks a privilege, %s; grant it"
                  .formatted(schema, rows.getString(1)),
              null);
        }
      }
    }
    return true;
  }

  /** Schema, version and a writable server. Answers true. */
  boolean version(Connection connection) throws SQLException {
    if (is(connection, READ_ONLY)) {
      throw refused(SqlErrors.readOnly());
    }
    try (PreparedStatement statement = connection.prepareStatement(THERE)) {
      statement.setString(1, schema.value());
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw refused(SqlErrors.missingSchema(schema));
        } else if (!rows.getBoolean(1)) {
          throw refused("the database user lacks the privilege USAGE on it; grant it");
        }
      }
    }
    if (!is(connection, HAS_VERSION, schema.sql("deriver.schema_version"))) {
      throw refused(SqlErrors.missingSchema(schema));
    }
    Installed found = installed(connection);
    if (found.worksFrom() > VERSION) {
      throw refused(
          "it has version %d, beside which libraries from %d on work, and this one is of %d; use the library that installed it, or a newer one"
              .formatted(found.version(), found.worksFrom(), VERSION));
    } else if (found.version() < VERSION) {
      throw refused(
          "it has version %d and this library needs %d; run installSchema(), or the missing files of"
                  .formatted(found.version(), VERSION)
              + " io/deriver/jdbc with your migration tool");
    }
    return true;
  }

  private Installed installed(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(schema.sql(NEWEST));
        ResultSet rows = statement.executeQuery()) {
      return rows.next()
          ? new Installed(rows.getInt("version"), rows.getInt("works_from"))
          : new Installed(0, 0);
    }
  }

  /** Which version is installed; 0 for none. */
  int installedOrNone(Connection connection) throws SQLException {
    return is(connection, HAS_VERSION, schema.sql("deriver.schema_version"))
        ? installed(connection).version()
        : 0;
  }

  private StoreException refused(String why) {
    return new StoreException("could not use schema '%s': %s".formatted(schema, why), null);
  }

  private static boolean is(Connection connection, String sql, String... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  /**
   * @param worksFrom the oldest version whose library works beside it
   */
  private record Installed(int version, int worksFrom) {}
}
