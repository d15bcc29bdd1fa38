package io.deriver.jdbc;

/**
 * What an enqueue did.
 *
 * @param id the item's number, unique in the schema; larger than that of every item whose enqueue
 *     had returned before this one was called
 * @param change what became of the item
 */
public record Enqueued(long id, Change change) {

  /** What happened. Later versions may add to it. */
  public enum Change {
    /** A new item was added. */
    ADDED
  }
}
