package io.deriver.jdbc.internal;

import io.deriver.spi.GatherTerms;
import org.jspecify.annotations.Nullable;

/** How a type gathers, as its row holds it: a type that does not gather waits for no weight. */
record GatherRow(int minWeight, long maxWaitMillis, int enough) {

  private static final GatherRow NONE = new GatherRow(0, 0, 1);

  static GatherRow of(@Nullable GatherTerms terms) {
    return terms == null
        ? NONE
        : new GatherRow(terms.minWeight(), terms.maxWait().toMillis(), terms.maxItems());
  }

  /** As a pass of the reaper answers it: the columns in this order, a space between two. */
  static GatherRow parse(String columns) {
    String[] parts = columns.split(" ", -1);
    return new GatherRow(
        Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
  }

  /** In the words of the settings. */
  String told() {
    return equals(NONE)
        ? "it waits for nothing"
        : "minWeight %d, maxWait %d ms, maxItems %d".formatted(minWeight, maxWaitMillis, enough);
  }
}
