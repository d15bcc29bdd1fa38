package io.deriver.testkit.store;

/**
 * What an enqueue did.
 *
 * @param id the number of the item that now waits. Of a new item: larger than that of every item
 *     before it
 * @param change what became of the item
 */
public record Enqueued(long id, Change change) {

  /** What happened; as the queue on Postgres answers. */
  public enum Change {
    /** A new item was added. */
    ADDED,
    /** An item with this dedupe key waits already, and stays as it is; id is its number. */
    DEDUPLICATED,
    /** An item with this dedupe key waits already, and has the new content; id is its number. */
    REPLACED,
    /** An item with this dedupe key waited, and was dropped; id is the number of the new one. */
    PUSHED_BACK
  }
}
