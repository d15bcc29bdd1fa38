package io.deriver.benchmarks.backlog;

import io.deriver.benchmarks.measure.RowsWritten;
import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import io.deriver.spi.NodeStore;
import io.deriver.spi.ReapReport;
import io.deriver.spi.Renewal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the reaper's passes and renewals cost while so many keys wait and a node holds claims. */
record ReaperCost(Server server, int keys) {

  private static final int HELD = 1_000;
  private static final int WARM_UP = 60;
  private static final int CALLS = 300;
  // A session says what it has written at the end of a transaction, once a second, and the second
  // time if the first found something locked.
  private static final int UNTIL_SAID = 2;
  private static final long BETWEEN_MILLIS = 1_100;

  /**
   * What was measured.
   *
   * @param renewal figures, by the names of tables
   * @param pass of the reaper, likewise
   */
  record Costs(Map<String, Double> renewal, Map<String, Double> pass) {}

  Costs measure() throws SQLException, InterruptedException {
    try (Library library = Library.on(server);
        NodeStore node = Node.join(library, false)) {
      Filling filling = new Filling(server);
      filling.held(HELD, node.nodeId());
      filling.many(keys, Kind.WAITING);
      server.vacuum(Server.SCHEMA);
      for (int call = 0; call < WARM_UP; call++) {
        renew(node);
        reap(node);
      }
      Map<String, Double> renewal = renewals(node);
      try (Calls calls = new Calls(server, "reap_v1")) {
        for (int call = 0; call < CALLS; call++) {
          calls.measured(() -> reap(node));
        }
        return new Costs(renewal, figures(calls));
      }
    }
  }

  private Map<String, Double> renewals(NodeStore node) throws SQLException, InterruptedException {
    try (Connection control = server.control();
        Calls calls = new Calls(server, "renew_v1")) {
      said(node);
      RowsWritten before = RowsWritten.now(control);
      for (int call = 0; call < CALLS; call++) {
        calls.measured(() -> renew(node));
      }
      said(node);
      Map<String, Double> figures = figures(calls);
      figures.put(
          "rows written", RowsWritten.now(control).since(before).all() / (CALLS + UNTIL_SAID));
      return figures;
    }
  }

  private static void said(NodeStore node) throws InterruptedException {
    for (int time = 0; time < UNTIL_SAID; time++) {
      Thread.sleep(BETWEEN_MILLIS);
      renew(node);
    }
  }

  private static Map<String, Double> figures(Calls calls) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("blocks", calls.buffers().median());
    figures.put("most blocks", calls.buffers().max());
    figures.put("server ms", calls.serverMillis());
    figures.put("ms", calls.millis());
    return figures;
  }

  private static Renewal renew(NodeStore node) {
    Renewal renewal = node.renew();
    // From its lower bound or over all, it finds each of them.
    if (renewal.held().size() != HELD) {
      throw new IllegalStateException(
          "a renewal found %d of %d claims".formatted(renewal.held().size(), HELD));
    }
    return renewal;
  }

  private static ReapReport reap(NodeStore node) {
    ReapReport report = node.reap();
    if (!report.reaped().isEmpty()) {
      throw new IllegalStateException("claims were taken back that are live: " + report);
    }
    return report;
  }
}
