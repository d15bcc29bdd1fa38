package io.deriver;

/** What kept a unit from holding more items of its key, see {@link WorkUnit#cut()}. */
public enum Cut {
  /** Nothing did: there were no more. */
  NOTHING,
  /**
   * The unit holds {@code maxItems}; of a key with more than a hundred items it may be fewer, as
   * many as the store hands out at once.
   */
  MAX_ITEMS,
  /** The next item would have taken the unit over {@code maxBytes}. */
  MAX_BYTES,
  /** The next item would have taken the unit over {@code maxWeight}. */
  MAX_WEIGHT,
  /** The next item is of another variant. */
  VARIANT,
  /** The next item is not yet due. */
  NOT_DUE,
  /** The key has failed not long ago, and its units are smaller until it has grown back. */
  SHRUNK
}
