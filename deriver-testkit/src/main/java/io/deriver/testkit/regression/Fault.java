package io.deriver.testkit.regression;

/** What can be wrong with a processor, or with a pool, in a {@link ShapeReport}. */
public enum Fault {
  /** A slot was not free again in time. That is the pool's fault, not the processor's. */
  SLOT_KEPT("a slot was kept"),
  /** A limit ended runs, and no call of theirs had been in the shape: nothing was shown. */
  NOT_MET("the shape was not met"),
  /** The provider was well again, and healthy units or those that had hung did not end in time. */
  NOT_RECOVERED("did not recover"),
  /** A thread did not come back, and no allowance covers it. */
  ABANDONED("threads abandoned"),
  /** A unit was done although no whole answer had come. */
  WRONG_ANSWER("wrong answer taken for done"),
  /** The provider saw more calls than the attempts allow: the client or the code repeats them. */
  REPEATED("calls repeated");

  private final String words;

  Fault(String words) {
    this.words = words;
  }

  /** As the report has it. */
  public String words() {
    return words;
  }
}
