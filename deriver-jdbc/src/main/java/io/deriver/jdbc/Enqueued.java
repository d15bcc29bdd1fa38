package io.deriver.jdbc;

/**
 * What an enqueue did.
 *
 * <p>For an item with a dedupe key (see {@link io.deriver.Item#dedupe}) this is what the enqueue
 * saw when it began: what was committed, and what its own transaction had enqueued before. What
 * happens in the same moment may change it: of two transactions that overlap both may answer {@link
 * Change#ADDED}, and an item that waited may be claimed before this transaction commits. What
 * becomes of the items is decided when both are committed, and then at most one waits. An item is
 * dropped only if the one for which it is dropped has not been claimed by then, so the run that
 * works that one sees what this transaction wrote.
 *
 * @param id the number of the item that now waits, unique in the schema. Of a new item: larger than
 *     that of every item whose enqueue had returned before this one was called
 * @param change what became of the item
 */
public record Enqueued(long id, Change change) {

  /** What happened. Later versions may add to it. */
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
