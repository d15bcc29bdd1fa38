package io.deriver.benchmarks.backlog;

import io.deriver.benchmarks.server.Library;
import io.deriver.spi.GatherTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The library's store as a pool has it, without the pool. */
final class Node {

  // Longer than it takes to fill the tables: nobody renews meanwhile.
  private static final Duration LEASE = Duration.ofHours(1);
  private static final Duration CALL_LIMIT = Duration.ofMinutes(1);
  private static final GatherTerms TERMS = new GatherTerms(Filling.HEAVY, Duration.ofHours(1), 100);

  private Node() {}

  /**
   * Joins.
   *
   * @param gathers whether keys wait until they have enough for a unit
   */
  static NodeStore join(Library library, boolean gathers) {
    String type = Library.NOOP.name();
    return library
        .queue()
        .store()
        .join(
            new NodeSpec(
                "bench",
                List.of(type),
                LEASE,
                CALL_LIMIT,
                gathers ? Map.of(type, TERMS) : Map.of()));
  }
}
