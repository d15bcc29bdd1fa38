package io.deriver.soak;

import io.deriver.soak.judge.Bounds;
import io.deriver.soak.judge.FinalState;
import io.deriver.soak.judge.FinalState.Dead;
import io.deriver.soak.judge.Judge;
import io.deriver.soak.judge.Verdict;
import io.deriver.soak.ledger.LedgerTable;
import io.deriver.soak.worker.Terms;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/**
 * What the judge is given: the ledger, and what the queue's tables hold at that very moment. It can
 * be had while the run goes on.
 */
record Evidence(DataSource database, String queueSchema, LedgerTable table, Settings settings) {

  /**
   * The verdict now.
   *
   * @param drained whether nothing may be pending any more
   */
  Verdict verdict(boolean drained) throws SQLException {
    Bounds bounds =
        new Bounds(
            Terms.MAX_ATTEMPTS,
            Terms.LEASE,
            Terms.REAP_INTERVAL,
            settings.slack(),
            drained,
            settings.enough());
    try (Connection tx = database.getConnection()) {
      tx.setAutoCommit(false);
      // One snapshot for the ledger and the tables, so that they speak of the same moment.
      tx.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try {
        return Judge.judge(table.read(tx), state(tx), bounds);
      } finally {
        tx.rollback();
      }
    }
  }

  private FinalState state(Connection tx) throws SQLException {
    Set<Long> pending = new HashSet<>();
    Map<Long, Dead> dead = new HashMap<>();
    try (Statement statement = tx.createStatement()) {
      try (ResultSet row =
          statement.executeQuery(
              "SELECT payload::json ->> 'item' AS item FROM " + queueSchema + ".item")) {
        while (row.next()) {
          pending.add(row.getLong("item"));
        }
      }
      try (ResultSet row =
          statement.executeQuery(
              """
              SELECT payload::json ->> 'item' AS item, attempts,
                     ARRAY(SELECT DISTINCT e.value ->> 'cause' FROM jsonb_array_elements(errors) e) AS causes
                FROM deriver.dead_letter
              """
                  .replace("deriver", queueSchema))) {
        while (row.next()) {
          String[] causes = (String[]) row.getArray("causes").getArray();
          dead.put(
              row.getLong("item"), new Dead(row.getInt("attempts"), Set.copyOf(List.of(causes))));
        }
      }
    }
    return new FinalState(pending, dead);
  }
}
