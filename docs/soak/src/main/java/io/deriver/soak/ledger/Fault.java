package io.deriver.soak.ledger;

/** What is done to a process or to what it depends on; written just before it is done. */
public enum Fault {
  /** SIGKILL. */
  KILL,
  /** SIGSTOP. */
  STOP,
  /** SIGCONT. */
  RESUME,
  /**
   * A commit that it has sent is held on its way until its lease has passed; a {@link #KILL}
   * follows as soon as there is one.
   */
  HOLD,
  /** Its connection breaks before a statement arrives. */
  CUT,
  /** Its connection breaks between a COMMIT and the answer. */
  CUT_ANSWER,
  /** All its connections break. */
  CUT_ALL,
  /** Some of its server processes are terminated. */
  TERMINATE
}
