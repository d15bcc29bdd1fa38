package io.deriver.testkit.store;

import io.deriver.Cut;
import io.deriver.spi.ClaimRequest.TypeTerms;
import java.time.Instant;
import java.util.List;

/** How many of a key's items a unit takes, and what keeps it from taking more. */
record UnitSize(int items, Cut cut) {

  /**
   * The size of the next unit.
   *
   * @param items the key's, the first of which is always taken
   * @param mostNext how many a key takes at most that has failed; 0 if it has not
   */
  static UnitSize of(List<PendingItem> items, int mostNext, TypeTerms terms, Instant now) {
    String variant = items.get(0).variant();
    long bytes = 0;
    long weight = 0;
    for (int size = 0; size < items.size(); size++) {
      PendingItem item = items.get(size);
      bytes += item.bytes();
      weight += item.weight();
      if (size > 0) {
        if (mostNext > 0 && size >= mostNext && mostNext < terms.maxItems()) {
          return new UnitSize(size, Cut.SHRUNK);
        } else if (size >= terms.maxItems()) {
          return new UnitSize(size, Cut.MAX_ITEMS);
        } else if (item.dueAt().isAfter(now)) {
          return new UnitSize(size, Cut.NOT_DUE);
        } else if (!item.variant().equals(variant)) {
          return new UnitSize(size, Cut.VARIANT);
        } else if (bytes > terms.maxBytes()) {
          return new UnitSize(size, Cut.MAX_BYTES);
        } else if (weight > terms.maxWeight()) {
          return new UnitSize(size, Cut.MAX_WEIGHT);
        }
      }
    }
    return new UnitSize(items.size(), Cut.NOTHING);
  }
}
