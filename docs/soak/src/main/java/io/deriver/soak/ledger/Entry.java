package io.deriver.soak.ledger;

import java.time.Instant;
import java.util.List;

/**
 * A line of the ledger. Immutable. A process is named by its role and its process id, so that one
 * that is started again is another.
 */
public sealed interface Entry {

  /** When and in which transaction it was written. */
  Mark mark();

  /**
   * Where an entry stands.
   *
   * @param seq grows from entry to entry
   * @param at by the database's clock
   * @param transaction that wrote it
   * @param saw what that transaction could see when it wrote it
   */
  record Mark(long seq, Instant at, long transaction, Snapshot saw) {}

  /** An item, in the transaction that enqueues it and before it does. */
  record Enqueued(Mark mark, String key, long item, Fate fate) implements Entry {}

  /** A processor begins with a unit; committed before it does anything. */
  record Started(Mark mark, String process, String key, long fence, int attempt, List<Long> items)
      implements Entry {
    public Started {
      items = List.copyOf(items);
    }
  }

  /** An effect of an item, in the transaction that completes it. */
  record Effect(Mark mark, String process, String key, long fence, long item) implements Entry {}

  /** What a pool told; key and fence are empty and 0 where it is of no claim. */
  record Told(Mark mark, String process, Said said, String key, long fence, int attempt)
      implements Entry {}

  /** A fault that is about to be done. */
  record Faulted(Mark mark, String process, Fault fault) implements Entry {}

  /**
   * A claim that stands for longer than a lease, as somebody beside the library saw it.
   *
   * @param guard until when it may stand
   */
  record Held(Mark mark, String process, String key, long fence, Instant guard) implements Entry {}
}
