package io.deriver.benchmarks.backlog;

import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.WriteAnswer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What it costs to claim beside so many keys of a kind. What was claimed is put back, so that there
 * are as many for the next call.
 */
record ClaimCost(Server server, Kind kind, int keys) {

  private static final int UNITS = 10;
  private static final int CLAIMABLE = 500;
  private static final int WARM_UP = 100;
  private static final int CALLS = 500;
  private static final int MAX_BYTES = 1_000_000;
  private static final int MAX_ATTEMPTS = 5;
  private static final double MICROS_A_MILLI = 1_000;
  private static final ClaimRequest REQUEST =
      new ClaimRequest(
          List.of(
              new TypeTerms(
                  Library.NOOP.name(), Duration.ofMinutes(1), 1, MAX_BYTES, MAX_ATTEMPTS)),
          UNITS,
          UNITS,
          UNITS);

  /** The figures, by the names of tables. */
  Map<String, Double> measure() throws SQLException {
    try (Library library = Library.on(server);
        NodeStore node = Node.join(library, kind == Kind.GATHERING)) {
      // The first claim looks anew at what has to gather: at nothing yet.
      node.claim(REQUEST);
      fill();
      for (int call = 0; call < WARM_UP; call++) {
        putBack(node, node.claim(REQUEST).claims());
      }
      try (Calls calls = new Calls(server, "claim_v1")) {
        for (int call = 0; call < CALLS; call++) {
          putBack(node, calls.measured(() -> node.claim(REQUEST)).claims());
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("blocks", calls.buffers().median() / UNITS);
        figures.put("server µs", calls.serverMillis() * MICROS_A_MILLI / UNITS);
        figures.put("µs", calls.millis() * MICROS_A_MILLI / UNITS);
        return figures;
      }
    }
  }

  private void fill() throws SQLException {
    Filling filling = new Filling(server);
    filling.many(keys, kind);
    if (kind != Kind.WAITING) {
      filling.claimable(CLAIMABLE);
    }
    server.vacuum(Server.SCHEMA);
  }

  private static void putBack(NodeStore node, List<Claim> claims) {
    if (claims.size() != UNITS) {
      throw new IllegalStateException("a claim brought %d units".formatted(claims.size()));
    }
    List<OutcomeWrite> writes =
        claims.stream()
            .map(claim -> new OutcomeWrite(claim.id(), new ClaimEnd.Released(Duration.ZERO)))
            .toList();
    if (!node.write(writes).stream().allMatch(WriteAnswer::isWritten)) {
      throw new IllegalStateException("not all units of a claim were put back");
    }
  }
}
