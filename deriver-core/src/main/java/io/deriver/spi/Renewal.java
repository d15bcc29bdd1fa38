package io.deriver.spi;

import java.util.Set;

/** The answer to a renewal: the fences of all claims that the node holds. */
public record Renewal(Set<Long> held) {

  public Renewal {
    held = Set.copyOf(held);
  }
}
