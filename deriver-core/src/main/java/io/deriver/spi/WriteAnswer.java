package io.deriver.spi;

/** What became of a write. */
public enum WriteAnswer {
  /** It is in the store; the claim is over. */
  WRITTEN,
  /**
   * As {@link #WRITTEN}; all items of the claim are done or discarded, and the key has no others.
   * One that was being enqueued at that moment may follow.
   */
  DRAINED,
  /** The claim was no longer (fence, node)'s; nothing was changed. */
  REFUSED,
  /**
   * Whether the claim still stands could not be told now, for instance because it is locked: ask
   * again.
   */
  UNDECIDED,
  /** The answer to the commit was lost: it took effect, or it did not. */
  LOST;

  /** Whether the end is in the store. */
  public boolean isWritten() {
    return this == WRITTEN || this == DRAINED;
  }
}
