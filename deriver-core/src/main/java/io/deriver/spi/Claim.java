package io.deriver.spi;

import io.deriver.Cut;
import java.time.Duration;
import java.util.List;

/**
 * An exclusive right to one (type, key), with the items that it is for.
 *
 * @param attempt which attempt this is, itself counted; 1 for the first
 * @param standing where the key stood when it was claimed
 * @param items oldest first; never empty
 * @param cut what kept it from being for more items
 * @param age how long ago the oldest of them was enqueued when it was claimed, by the store's clock
 */
public record Claim(
    ClaimId id, int attempt, Standing standing, List<StoredItem> items, Cut cut, Duration age) {

  public Claim {
    items = List.copyOf(items);
  }

  /** Where a key stands with the pools. */
  public enum Standing {
    /** Nothing is held against it. */
    REGULAR,
    /** Its last attempt timed out. */
    PROBATION,
    /** Its last claim ended with its process. */
    SUSPECT
  }
}
