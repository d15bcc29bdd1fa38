package io.deriver.testkit.store;

import io.deriver.spi.NodeSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The registered nodes and until when each counts as alive. Guarded as {@link Ledger} is. */
final class NodeTable {

  /** A node at rest writes when it polls: that it has passed by less says nothing against it. */
  private static final Duration SERVES_ON = Duration.ofMinutes(2);

  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  private final Map<String, Row> rows = new HashMap<>();

  /** Registers the node, or keeps it alive from now on. */
  void renew(String node, NodeSpec spec, Instant now) {
    rows.put(node, new Row(spec, now.plus(spec.lease())));
  }

  boolean isAlive(String node, Instant now) {
    Row row = rows.get(node);
    return row != null && row.expiresAt().isAfter(now);
  }

  void remove(String node) {
    rows.remove(node);
  }

  /** Forgets the nodes that have been dead for a while and hold nothing. */
  void sweep(Collection<String> holders, Instant now) {
    rows.entrySet()
        .removeIf(
            entry ->
                !entry.getValue().expiresAt().isAfter(now.minus(REMEMBERED))
                    && !holders.contains(entry.getKey()));
  }

  /** The types that a live node serves. */
  Set<String> servedTypes(Instant now) {
    Set<String> served = new TreeSet<>();
    rows.values().stream()
        .filter(row -> row.expiresAt().isAfter(now.minus(SERVES_ON)))
        .forEach(row -> served.addAll(row.spec().types()));
    return served;
  }

  private record Row(NodeSpec spec, Instant expiresAt) {}
}
