package io.deriver.testkit.store;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An item that has ended, as a store kept it that was to.
 *
 * @param id the item's id; a dead letter that was put back ends again, with the same
 * @param attempts how many attempts its unit had, the last included; 0 if it was cancelled
 * @param ended how many of its key's claims ended how, as of {@link DeadLetter}; the one that
 *     completed it is not among them
 * @param endedAt when, by the store's clock
 * @param node the id of the node that had claimed it; null if it was cancelled
 * @param fence the claim's number; 0 if it was cancelled
 */
public record DoneItem(
    long id,
    String type,
    String key,
    How how,
    int attempts,
    Map<String, Integer> ended,
    Instant enqueuedAt,
    Instant endedAt,
    @Nullable String node,
    long fence) {

  public DoneItem {
    ended = Map.copyOf(ended);
  }

  /** How an item ended. */
  public enum How {
    /** It was done. */
    COMPLETED,
    /** Its processor dropped it. */
    DISCARDED,
    /** It became a dead letter. */
    DEAD,
    /** An operator dropped it before any node had it. */
    CANCELLED
  }
}
