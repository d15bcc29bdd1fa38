package io.deriver.testkit.store;

import io.deriver.spi.GatherTerms;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which types' keys wait for more items, as the node said that joined last. Guarded as {@link
 * Ledger} is.
 */
final class Gatherings {

  private final Map<String, GatherTerms> terms = new HashMap<>();
  private final Map<String, Long> flushed = new HashMap<>();

  /** Says how these types gather; those without terms do not. */
  void declare(List<String> types, Map<String, GatherTerms> gathering) {
    terms.keySet().removeAll(types);
    terms.putAll(gathering);
  }

  @Nullable GatherTerms of(String type) {
    return terms.get(type);
  }

  /** Where nothing waits, nothing happens. */
  void flush(String type, long newestItem) {
    if (terms.containsKey(type)) {
      flushed.put(type, newestItem);
    }
  }

  void flushAll(long newestItem) {
    terms.keySet().forEach(type -> flush(type, newestItem));
  }

  /**
   * Until when a key with these items waits for more; the beginning of time if they are enough.
   *
   * @param keyFlushed up to which item the key itself was flushed
   */
  Instant waitsUntil(String type, List<PendingItem> items, long keyFlushed) {
    GatherTerms gather = terms.get(type);
    if (gather == null || items.size() >= gather.maxItems()) {
      return Instant.MIN;
    }
    Instant oldest =
        items.stream().map(PendingItem::enqueuedAt).min(Instant::compareTo).orElse(Instant.MIN);
    boolean enough =
        items.stream().mapToLong(PendingItem::weight).sum() >= gather.minWeight()
            || items.stream().map(PendingItem::variant).distinct().count() > 1;
    long upTo = Math.max(keyFlushed, flushed.getOrDefault(type, 0L));
    boolean isFlushed = items.stream().anyMatch(item -> item.id() <= upTo);
    return enough || isFlushed ? Instant.MIN : oldest.plus(gather.maxWait());
  }
}
