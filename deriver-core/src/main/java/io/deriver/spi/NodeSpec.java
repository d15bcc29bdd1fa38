package io.deriver.spi;

import java.time.Duration;
import java.util.List;

/**
 * What a pool tells a store when it starts.
 *
 * @param pool the pool's name, for people
 * @param types the types that the pool serves
 * @param lease how long the node counts as alive without renewing, by the store's clock
 * @param callLimit how long any call may take before the store gives it up and throws
 */
public record NodeSpec(String pool, List<String> types, Duration lease, Duration callLimit) {

  public NodeSpec {
    types = List.copyOf(types);
  }
}
