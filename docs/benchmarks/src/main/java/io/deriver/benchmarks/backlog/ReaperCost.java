package io.deriver.benchmarks.backlog;

import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import io.deriver.spi.NodeStore;
import io.deriver.spi.ReapReport;
import java.sql.SQLException;
import java.util.Map;

/** What the reaper's passes and renewals cost while so many keys wait and a node holds claims. */
record ReaperCost(Server server, int keys) {

  private static final int HELD = 1_000;
  private static final int WARM_UP = 60;
  private static final int CALLS = 300;

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
      Renewals renewals = new Renewals(server, node, HELD);
      for (int call = 0; call < WARM_UP; call++) {
        renewals.renew();
        reap(node);
      }
      Map<String, Double> renewal = renewals.measure(CALLS);
      try (Calls calls = new Calls(server, "reap_v1")) {
        for (int call = 0; call < CALLS; call++) {
          calls.measured(() -> reap(node));
        }
        return new Costs(renewal, calls.figures());
      }
    }
  }

  private static ReapReport reap(NodeStore node) {
    ReapReport report = node.reap();
    if (!report.reaped().isEmpty()) {
      throw new IllegalStateException("claims were taken back that are live: " + report);
    }
    return report;
  }
}
