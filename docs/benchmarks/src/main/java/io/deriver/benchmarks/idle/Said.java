package io.deriver.benchmarks.idle;

import io.deriver.benchmarks.measure.Counted;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A statement that the server was sent, and how often.
 *
 * @param text its beginning, with one space for many
 * @param walBytes that it wrote, all calls together
 */
record Said(String text, double calls, double walBytes) {

  private static final Pattern APART = Pattern.compile(Counted.APART, Pattern.CASE_INSENSITIVE);
  private static final String ALL =
      """
      SELECT /* bench control */ left(regexp_replace(query, '\\s+', ' ', 'g'), 100), calls, wal_bytes
        FROM pg_stat_statements
       WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
       ORDER BY calls DESC, query
      """;

  /** All since the counters were reset, but for those of the benchmarks' own. */
  static List<Said> all(Connection connection) throws SQLException {
    List<Said> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ALL)) {
      while (row.next()) {
        if (!row.getString(1).contains("bench control")) {
          all.add(new Said(row.getString(1), row.getDouble(2), row.getDouble(3)));
        }
      }
    }
    return all;
  }

  /** Whether it begins, ends or limits a transaction, or sets something. */
  boolean isApart() {
    return APART.matcher(text).find();
  }
}
