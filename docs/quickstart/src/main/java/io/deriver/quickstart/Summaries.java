package io.deriver.quickstart;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The table of summaries in one schema. Thread-safe. */
public final class Summaries {

  private final DataSource database;
  private final String schema;

  /** The table in this schema, created if it is missing. */
  public Summaries(DataSource database, String schema) throws SQLException {
    this.database = database;
    this.schema = schema;
    Sql.run(database, schema, Sql.file("summary.sql"));
  }

  /** How many conversations have a summary of at least a part. */
  public int conversations() {
    return count("select count(distinct conversation) from ${schema}.summary");
  }

  /** How many conversations have two summaries of the same messages. */
  public int workedTwice() {
    return count(
        """
        select count(distinct a.conversation)
        from ${schema}.summary a join ${schema}.summary b using (conversation)
        where a.ctid < b.ctid and a.first_item <= b.last_item and b.first_item <= a.last_item""");
  }

  private int count(String query) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query.replace("${schema}", schema))) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException("the summaries could not be counted", e);
    }
  }
}
