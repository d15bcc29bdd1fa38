package io.deriver.testkit.pool;

import io.deriver.ClaimedItem;
import io.deriver.Cut;
import io.deriver.ItemType;
import io.deriver.WorkUnit;
import io.deriver.internal.Names;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Units for unit tests of a processor: {@code processor.process(TestUnits.of(SUMMARY,
 * "conversation:1", "hello"), new TestRun())}.
 *
 * <p>What holds: key and items are as a pool would hand them out. What does not: payloads are
 * passed as they are, not written to JSON and read again. Thread-safe.
 */
public final class TestUnits {

  private static final Instant ENQUEUED = Instant.parse("2026-01-01T00:00:00Z");

  private TestUnits() {}

  /**
   * A unit with these payloads: ids from 1, weight 1, enqueued at the first moment of 2026, UTC,
   * and a second after each other.
   *
   * @throws IllegalArgumentException if the key breaks the rule for keys, or there is no payload
   */
  @SafeVarargs
  public static <T> WorkUnit<T> of(ItemType<T> type, String key, T... payloads) {
    List<ClaimedItem<T>> items = new ArrayList<>();
    for (T payload : payloads) {
      Instant at = ENQUEUED.plusSeconds(items.size());
      items.add(new ClaimedItem<>(items.size() + 1L, payload, 1, "", at));
    }
    return ofItems(type, key, items);
  }

  /** A unit of these items, for tests to which ids, weights or times matter. */
  public static <T> WorkUnit<T> ofItems(ItemType<T> type, String key, List<ClaimedItem<T>> items) {
    if (items.isEmpty()) {
      throw new IllegalArgumentException("items is empty; a unit holds at least one");
    }
    return new WorkUnit<>(type, Names.requireKey(key), items, Cut.NOTHING);
  }
}
