package io.deriver.testkit.regression;

/** How the thread of a run that met a shape got free; from the best to the worst. */
public enum Freed {
  /** The call ended before any limit of the pool did: its own timeout, its end, or an error. */
  BY_ITSELF("let go by itself"),
  /** A limit ended the run, and the processor looked at its run and saw that. */
  BY_CHECK("looked at its run"),
  /** A limit ended the run, and the pool's interrupt freed the thread. */
  BY_INTERRUPT("by interrupt"),
  /** A limit ended the run, and what the processor had registered with {@code onCancel} did it. */
  BY_CLOSE("by close"),
  /** A limit ended the run, and the thread came back some time later, for a reason of its own. */
  LATE("came back late"),
  /** A limit ended the run, and the thread did not come back within the patience. */
  ABANDONED("abandoned");

  private final String words;

  Freed(String words) {
    this.words = words;
  }

  /** As the report has it. */
  public String words() {
    return words;
  }
}
