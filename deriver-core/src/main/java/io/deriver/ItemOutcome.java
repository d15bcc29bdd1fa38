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

  /** See {@link ItemOutcome#done()}. */
  record Done() implements ItemOutcome {}

  /** See {@link ItemOutcome#deadLetter(String)}. */
  record DeadLetter(String reason) implements ItemOutcome {
    public DeadLetter {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
