package io.deriver.soak;

import io.deriver.soak.ledger.LedgerWriter;
import io.deriver.soak.worker.Terms;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the queue's tables from beside the library. */
final class Watcher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
  private static final long EVERY_MILLIS = 250;
  private static final int LOOKS_A_REPORT = 40;

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final DataSource database;
  private final String schema;
  private final LedgerWriter ledger;
  private int looks;

  Watcher(DataSource database, String schema, LedgerWriter ledger) {
    this.database = database;
    this.schema = schema;
    this.ledger = ledger;
  }

  /** From now on, what has been claimed for longer than a lease goes into the ledger. */
  void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      noteTheHeld();
      if (++looks % LOOKS_A_REPORT == 0) {
        LOG.info("{} pending", pending());
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("the queue could not be looked at", e);
    }
  }

  private void noteTheHeld() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                SELECT pool, key, fence, until FROM deriver.running
                 WHERE for_time > ? * interval '1 millisecond' AND pool IS NOT NULL
                """
                    .replace("deriver", schema))) {
      statement.setLong(1, Terms.LEASE.toMillis());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          ledger.held(
              row.getString("pool"),
              row.getString("key"),
              row.getLong("fence"),
              row.getTimestamp("until").toInstant());
        }
      }
    }
  }

  /** How many items have not ended. */
  long pending() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + schema + ".item")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      boolean unused = thread.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
