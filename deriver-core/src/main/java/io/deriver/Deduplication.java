package io.deriver;

import io.deriver.internal.Checks;
import io.deriver.internal.Names;

/**
 * By what an item is deduped, and how; see {@link Item#dedupe}.
 *
 * @param key the dedupe key: of all items of a type with the same one, at most one waits; 1 to 500
 *     characters, not blank, no control characters
 * @param mode what becomes of the new item, and of the one that waits
 */
public record Deduplication(String key, Dedupe mode) {

  /**
   * @throws IllegalArgumentException if the key breaks its rule or the mode is null
   */
  public Deduplication {
    Names.requireDedupeKey(key);
    Checks.rule(mode != null, "mode of dedupe key '%s' is null; it must be one of Dedupe's", key);
  }
}
