package io.deriver;

import java.util.Objects;

/** The end of one item of a unit, see {@link Outcome#perItem}. */
public sealed interface ItemOutcome {

  /** The item is done. */
  static ItemOutcome done() {
    return new Done();
  }

  /** The item is set aside now. */
  static ItemOutcome deadLetter(String reason) {
    return new DeadLetter(reason);
  }

  /**
   * The item failed and is tried again: the key rests for its backoff, and the item comes with the
   * next unit, at its place in the order. Attempts count while the unit's first item does not end;
   * at the last the first of the items that failed is set aside instead.
   */
  static ItemOutcome failed(String reason) {
    return new Failed(reason);
  }

  /** See {@link ItemOutcome#done()}. */
  record Done() implements ItemOutcome {}

  /** See {@link ItemOutcome#failed(String)}. */
  record Failed(String reason) implements ItemOutcome {
    public Failed {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** See {@link ItemOutcome#deadLetter(String)}. */
  record DeadLetter(String reason) implements ItemOutcome {
    public DeadLetter {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
