package io.deriver;

import java.util.List;

/**
 * What a processor is handed: the oldest pending items of one key, in the order of their
 * enqueueing.
 *
 * @param type the items' type
 * @param key the items' key
 * @param items one item or more, oldest first; the list cannot be changed
 * @param cut what kept it from holding more items
 */
public record WorkUnit<T>(ItemType<T> type, String key, List<ClaimedItem<T>> items, Cut cut) {

  public WorkUnit {
    items = List.copyOf(items);
  }

  /** The variant of its items, which is the same for all of them; empty if they have none. */
  public String variant() {
    return items.get(0).variant();
  }

  /** The payloads alone, oldest first. */
  public List<T> payloads() {
    return items.stream().map(ClaimedItem::payload).toList();
  }
}
