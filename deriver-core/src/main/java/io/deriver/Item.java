package io.deriver;

import io.deriver.internal.Checks;
import io.deriver.internal.Names;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing to be worked: a type, a key, a payload, a weight, a variant, a delay and, where wanted,
 * what it is deduped by.
 *
 * <p>Items of one (type, key) are worked in the order in which they were enqueued, by one run at a
 * time, whatever their delays: an item that is not yet due blocks those behind it. Two enqueues
 * whose transactions overlap have no order between them.
 *
 * <p>Immutable; as thread-safe as its payload.
 *
 * @param type the kind of work
 * @param key what its items are grouped by; 1 to 500 characters, not blank, no control characters
 * @param payload what the processor gets
 * @param weight what the item counts for by the host's own measure, for instance its LLM tokens; 0
 *     to 1,000,000,000. See {@link Limits.Builder#maxWeight}
 * @param variant what items must have in common to be worked in one unit, for instance the version
 *     of the prompt that they were enqueued for: a unit ends before the first item of another
 *     variant. Empty, which is the default, or 1 to 200 characters, not blank, no control
 *     characters
 * @param priority how soon its key is worked beside other keys of the type; see {@link Priority}
 * @param delay how long after the enqueueing the item becomes due, by the store's clock; zero to
 *     366 days
 * @param dedupe what becomes of it while another item of the same dedupe key waits; null, which is
 *     the default, for nothing
 */
public record Item<T>(
    ItemType<T> type,
    String key,
    T payload,
    int weight,
    String variant,
    Priority priority,
    Duration delay,
    @Nullable Deduplication dedupe) {

  private static final int MAX_WEIGHT = 1_000_000_000;
  private static final Duration MAX_DELAY = Duration.ofDays(366);

  /**
   * @throws IllegalArgumentException if key, weight, variant or delay is out of its range; the
   *     message names the value and the rule
   */
  public Item {
    Objects.requireNonNull(type, "type");
    Names.requireKey(key);
    if (payload == null) {
      throw new IllegalArgumentException(
          "payload of type '%s', key '%s' is null; an item must carry one".formatted(type, key));
    }
    Checks.between("weight", weight, 0, MAX_WEIGHT);
    Names.requireVariant(variant);
    Objects.requireNonNull(priority, "priority");
    Checks.between("delay", delay, Duration.ZERO, MAX_DELAY);
  }

  /** An item of weight 1, no variant and normal priority that is due at once. */
  public static <T> Item<T> of(ItemType<T> type, String key, T payload) {
    return new Item<>(type, key, payload, 1, "", Priority.NORMAL, Duration.ZERO, null);
  }

  /** The same item with another weight. */
  public Item<T> weight(int weight) {
    return new Item<>(type, key, payload, weight, variant, priority, delay, dedupe);
  }

  /** The same item of another variant. */
  public Item<T> variant(String variant) {
    return new Item<>(type, key, payload, weight, variant, priority, delay, dedupe);
  }

  /** The same item of another priority. */
  public Item<T> priority(Priority priority) {
    return new Item<>(type, key, payload, weight, variant, priority, delay, dedupe);
  }

  /** The same item, due so long after it is enqueued. */
  public Item<T> delay(Duration delay) {
    return new Item<>(type, key, payload, weight, variant, priority, delay, dedupe);
  }

  /**
   * The same item, of which at most one waits: of all items of its type with this dedupe key. An
   * item that is being worked does not wait: the new one is then added, and worked after it.
   *
   * @param dedupeKey 1 to 500 characters, not blank, no control characters
   * @param mode what becomes of this item, and of the one that waits
   * @throws IllegalArgumentException if the dedupe key breaks its rule or the mode is null; the
   *     message names the value and the rule
   */
  public Item<T> dedupe(String dedupeKey, Dedupe mode) {
    return new Item<>(
        type, key, payload, weight, variant, priority, delay, new Deduplication(dedupeKey, mode));
  }
}
