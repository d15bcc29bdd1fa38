package io.deriver.benchmarks.backlog;

import io.deriver.benchmarks.measure.RowsWritten;
import io.deriver.benchmarks.server.Server;
import io.deriver.spi.NodeStore;
import io.deriver.spi.Renewal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * What the renewals of a node cost, of which no other session writes meanwhile.
 *
 * @param held how many claims it has
 */
record Renewals(Server server, NodeStore node, int held) {

  // A session says what it has written at the end of a transaction, once a second, and the second
  // time if the first found something locked.
  private static final int UNTIL_SAID = 2;
  private static final long BETWEEN_MILLIS = 1_100;

  /** The figures of so many, by the names of tables. */
  Map<String, Double> measure(int count) throws SQLException, InterruptedException {
    try (Connection control = server.control();
        Calls calls = new Calls(server, "renew_v1")) {
      said();
      RowsWritten before = RowsWritten.now(control);
      for (int call = 0; call < count; call++) {
        calls.measured(this::renew);
      }
      said();
      Map<String, Double> figures = calls.figures();
      figures.put(
          "rows written", RowsWritten.now(control).since(before).all() / (count + UNTIL_SAID));
      return figures;
    }
  }

  private void said() throws InterruptedException {
    for (int time = 0; time < UNTIL_SAID; time++) {
      Thread.sleep(BETWEEN_MILLIS);
      renew();
    }
  }

  /** One. From its lower bound or over all, it finds each claim. */
  Renewal renew() {
    Renewal renewal = node.renew();
    if (renewal.held().size() != held) {
      throw new IllegalStateException(
          "a renewal found %d of %d claims".formatted(renewal.held().size(), held));
    }
    return renewal;
  }
}
