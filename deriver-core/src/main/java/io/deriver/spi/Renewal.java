package io.deriver.spi;

import java.util.Set;

/**
 * The answer to a renewal.
 *
 * @param held the fences of all claims that the node holds
 * @param cancelled those of them whose runs an operator wants ended
 */
public record Renewal(Set<Long> held, Set<Long> cancelled) {

  public Renewal {
    held = Set.copyOf(held);
    cancelled = Set.copyOf(cancelled);
  }

  /** Of claims that nobody wants ended. */
  public Renewal(Set<Long> held) {
    this(held, Set.of());
  }
}
