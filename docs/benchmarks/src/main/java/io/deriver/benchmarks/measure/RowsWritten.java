package io.deriver.benchmarks.measure;

import io.deriver.benchmarks.server.Server;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the benchmarks' schema that were written by a moment, as far as sessions have told: those
 * that are gone have told all.
 *
 * @param inserted new ones
 * @param updated each leaves its old version behind, dead
 * @param hot how many of the updates touched no index
 * @param deleted each stays, dead
 */
public record RowsWritten(double inserted, double updated, double hot, double deleted) {

  private static final String NOW =
      """
      SELECT %s coalesce(sum(n_tup_ins), 0), coalesce(sum(n_tup_upd), 0),
             coalesce(sum(n_tup_hot_upd), 0), coalesce(sum(n_tup_del), 0)
        FROM pg_stat_user_tables WHERE schemaname = '%s'
      """
          .formatted(Server.CONTROL, Server.SCHEMA);

  /** By now. */
  public static RowsWritten now(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(NOW)) {
      row.next();
      return new RowsWritten(
          row.getDouble(1), row.getDouble(2), row.getDouble(3), row.getDouble(4));
    }
  }

  /** Those after that moment. */
  public RowsWritten since(RowsWritten before) {
    return new RowsWritten(
        inserted - before.inserted,
        updated - before.updated,
        hot - before.hot,
        deleted - before.deleted);
  }

  /** All of them. */
  public double all() {
    return inserted + updated + deleted;
  }

  /** How many are dead by that. */
  public double dead() {
    return updated + deleted;
  }

  /** The share of updates that touched no index; null where there was no update. */
  public @Nullable Double hotShare() {
    return updated == 0 ? null : hot / updated;
  }
}
