package io.deriver.jdbc;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An item that has ended, as it was kept.
 *
 * @param id the item's id; a dead letter that was put back ends again, with the same
 * @param attempts how many attempts its unit had, the last included; 0 if it was cancelled
 * @param ended how many of its key's claims ended how, since one was last done, as of {@link
 *     DeadLetter#ended}; the one that completed it is not among them
 * @param endedAt when, by the database's clock
 * @param node the id of the node that had claimed it; empty if it was cancelled
 * @param fence the claim's number; empty if it was cancelled
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
    Optional<String> node,
    OptionalLong fence) {

  public DoneItem {
    ended = Map.copyOf(ended);
  }

  /** How an item ended. */
  public enum How {
    /** It was done. */
    COMPLETED,
    /** Its processor dropped it. */
    DISCARDED,
    /** It became a dead letter; whether that is there still, the list of those says. */
    DEAD,
    /** An operator dropped it before any pool had it. */
    CANCELLED
  }
}
