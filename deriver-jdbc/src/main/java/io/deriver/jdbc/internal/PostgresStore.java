package io.deriver.jdbc.internal;

import io.deriver.Codecs;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.WorkStore;

/** Postgres as pools see it. */
public record PostgresStore(StoreParts parts) implements WorkStore {

  @Override
  public NodeStore join(NodeSpec spec) {
    return new PostgresNode(parts, spec).join();
  }

  @Override
  public Codecs codecs() {
    return parts.codecs();
  }

  @Override
  public String toString() {
    return "Postgres schema " + parts.schema();
  }
}
