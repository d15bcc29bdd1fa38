package io.deriver.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a pool tells a store when it starts.
 *
 * @param pool the pool's name, for people
 * @param types the types that the pool serves
 * @param lease how long the node counts as alive without renewing, by the store's clock
 * @param storeTimeout how long any call may take before the store gives it up and throws
 * @param gathering how those of its types gather that do, by their names; the others wait for
 *     nothing
 */
public record NodeSpec(
    String pool,
    List<String> types,
    Duration lease,
    Duration storeTimeout,
    Map<String, GatherTerms> gathering) {

  public NodeSpec {
    types = List.copyOf(types);
    gathering = Map.copyOf(gathering);
  }

  /** One of whose types none gathers. */
  public NodeSpec(String pool, List<String> types, Duration lease, Duration storeTimeout) {
    this(pool, types, lease, storeTimeout, Map.of());
  }
}
