package io.deriver.benchmarks.measure;

import io.deriver.benchmarks.server.Server;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Reads the server's own counters. Used by one thread. */
public final class Meter implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long SETTLED_NANOS = 200_000_000;

  private final Connection connection;
  private final boolean counting;

  private Meter(Connection connection, boolean counting) {
    this.connection = connection;
    this.counting = counting;
  }

  /** One for this server; it counts statements if the server has pg_stat_statements loaded. */
  public static Meter on(Server server) throws SQLException {
    Connection connection = server.control();
    return new Meter(connection, counts(connection));
  }

  private static boolean counts(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
      statement.execute("SELECT count(*) FROM pg_stat_statements");
      return true;
    } catch (SQLException e) {
      System.out.println("statements and buffers are not counted: " + e.getMessage());
      return false;
    }
  }

  /** The clock runs from the return of this method on. */
  public Running begin() throws SQLException {
    if (counting) {
      text("SELECT %s pg_stat_statements_reset()::text".formatted(Server.CONTROL));
    }
    return new Running(wal(), checkpoint(), System.nanoTime());
  }

  /** All commits in this database of connections that are closed by now. */
  public double commits() throws SQLException {
    return number("SELECT %s xact_commit FROM pg_stat_database WHERE datname = current_database()");
  }

  /** Rows written in the benchmarks' schema by connections that are closed by now. */
  public RowsWritten rowsWritten() throws SQLException {
    return RowsWritten.now(connection);
  }

  /** Waits until no connection of this application is left, and what they did is counted. */
  public void awaitGone(String application) throws SQLException {
    Wait.until(
        application + " to be gone",
        PATIENCE,
        () ->
            number(
                    "SELECT %s count(*) FROM pg_stat_activity WHERE application_name = '"
                        + application
                        + "'")
                == 0);
    awaitSettled();
  }

  // Now and then a session is seen to be gone a moment before its counts are seen.
  private void awaitSettled() throws SQLException {
    RowsWritten[] last = {rowsWritten()};
    Wait.until(
        "counts to settle",
        PATIENCE,
        () -> {
          LockSupport.parkNanos(SETTLED_NANOS);
          RowsWritten before = last[0];
          last[0] = rowsWritten();
          return last[0].equals(before);
        });
  }

  private double wal() throws SQLException {
    return number("SELECT %s pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
  }

  private String checkpoint() throws SQLException {
    return text(
        "SELECT %s checkpoint_lsn::text FROM pg_control_checkpoint()".formatted(Server.CONTROL));
  }

  private double number(String sql) throws SQLException {
    return Double.parseDouble(text(sql.formatted(Server.CONTROL)));
  }

  private String text(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** A stretch of work that is being measured. */
  public final class Running {

    private final double walBefore;
    private final String checkpointBefore;
    private final long start;

    private Running(double walBefore, String checkpointBefore, long start) {
      this.walBefore = walBefore;
      this.checkpointBefore = checkpointBefore;
      this.start = start;
    }

    /**
     * Stops the clock.
     *
     * @param items that were worked
     * @param claim what claiming statements have in their text, as a regular expression; null if
     *     there are none
     */
    public Phase end(int items, @Nullable String claim) throws SQLException {
      double seconds = (System.nanoTime() - start) / 1e9;
      double walBytes = (wal() - walBefore) / items;
      boolean checkpoint = !checkpoint().equals(checkpointBefore);
      return new Phase(
          items,
          seconds,
          counting ? Counted.STATEMENTS.in(connection, "") / items : null,
          walBytes,
          counting && claim != null ? Counted.BUFFERS.in(connection, claim) / items : null,
          checkpoint);
    }
  }
}
