package io.deriver.jdbc;

/**
 * What an enqueue did.
 *
 * @param id the item's number, larger for later items of the same transaction order
 */
public record Enqueued(long id, Change change) {

  /** What happened. Later versions may add to it. */
  public enum Change {
    /** A new item was added. */
    ADDED
  }
}
