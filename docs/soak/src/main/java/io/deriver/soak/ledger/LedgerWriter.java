package io.deriver.soak.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the ledger: in the caller's transaction, or on a connection of its own that commits
 * each entry by itself. Thread-safe.
 */
public final class LedgerWriter {

  private static final String COLUMNS = "(kind, process, key, fence, attempt, items, what, until)";

  private final DataSource own;
  private final String insert;
  private final String enqueued;
  private final String effects;

  /**
   * @param own connections straight to the database, which no fault of the soak meets
   * @param schema of the ledger
   */
  public LedgerWriter(DataSource own, String schema) {
    this.own = own;
    String into = "INSERT INTO " + schema + ".ledger " + COLUMNS;
    insert = into + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    enqueued =
        into
            + " SELECT 'enqueued', '', u.key, 0, 0, ARRAY[u.item], u.fate, NULL"
            + " FROM unnest(?::text[], ?::bigint[], ?::text[]) u(key, item, fate)";
    effects =
        into
            + " SELECT 'effect', ?, ?, ?, 0, ARRAY[u.item], '', NULL FROM unnest(?::bigint[])"
            + " u(item)";
  }

  /** Items that this transaction goes on to enqueue, in this order. */
  public void enqueued(Connection tx, List<String> keys, List<Long> items, List<Fate> fates)
      throws SQLException {
    try (PreparedStatement statement = tx.prepareStatement(enqueued)) {
      statement.setArray(1, tx.createArrayOf("text", keys.toArray()));
      statement.setArray(2, tx.createArrayOf("bigint", items.toArray()));
      statement.setArray(3, tx.createArrayOf("text", fates.stream().map(Fate::name).toArray()));
      statement.executeUpdate();
    }
  }

  /** A unit that is about to be worked. */
  public void started(String process, String key, long fence, int attempt, List<Long> items)
      throws SQLException {
    alone(new Row("started", process, key, fence, attempt, items, "", null));
  }

  /** An effect of each item, within this transaction. */
  public void effects(Connection tx, String process, String key, long fence, List<Long> items)
      throws SQLException {
    try (PreparedStatement statement = tx.prepareStatement(effects)) {
      statement.setString(1, process);
      statement.setString(2, key);
      statement.setLong(3, fence);
      statement.setArray(4, tx.createArrayOf("bigint", items.toArray()));
      statement.executeUpdate();
    }
  }

  /** Effects that stand, whatever becomes of the run: what the library is there to avoid. */
  public void effectsAlone(String process, String key, long fence, List<Long> items)
      throws SQLException {
    try (Connection connection = own.getConnection()) {
      effects(connection, process, key, fence, items);
    }
  }

  /** What a pool told of a claim. */
  public void told(String process, Said said, String key, long fence, int attempt)
      throws SQLException {
    alone(new Row("told", process, key, fence, attempt, List.of(), said.name(), null));
  }

  /** A fault that is about to be done. */
  public void faulted(String process, Fault fault) throws SQLException {
    alone(new Row("faulted", process, "", 0, 0, List.of(), fault.name(), null));
  }

  /** A claim that stands for longer than a lease. */
  public void held(String process, String key, long fence, Instant guard) throws SQLException {
    alone(new Row("held", process, key, fence, 0, List.of(), "", guard));
  }

  private void alone(Row row) throws SQLException {
    try (Connection connection = own.getConnection()) {
      write(connection, row);
    }
  }

  private void write(Connection connection, Row row) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(insert)) {
      Array items = connection.createArrayOf("bigint", row.items.toArray());
      statement.setString(1, row.kind);
      statement.setString(2, row.process);
      statement.setString(3, row.key);
      statement.setLong(4, row.fence);
      statement.setInt(5, row.attempt);
      statement.setArray(6, items);
      statement.setString(7, row.what);
      statement.setTimestamp(8, row.until == null ? null : Timestamp.from(row.until));
      statement.executeUpdate();
    }
  }

  private record Row(
      String kind,
      String process,
      String key,
      long fence,
      int attempt,
      List<Long> items,
      String what,
      @Nullable Instant until) {}
}
