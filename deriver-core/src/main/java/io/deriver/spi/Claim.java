package io.deriver.spi;

import io.deriver.Cut;
import java.util.List;

/**
 * An exclusive right to one (type, key), with the items that it is for.
 *
 * @param attempt which attempt this is, itself counted; 1 for the first
 * @param standing where the key stood when it was claimed
 * @param items oldest first; never empty
 * @param cut what kept it from being for more items
 */
public record Claim(ClaimId id, int attempt, Standing standing, List<StoredItem> items, Cut cut) {

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
