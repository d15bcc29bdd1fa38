package io.deriver.testkit.catalogue;

/** What is to come of a run that meets a {@link HangShape} in a well-written processor. */
public enum Expected {
  /** A limit ends the run, and what the run handed to {@code onCancel} frees its thread. */
  FREED,
  /** A limit ends the run; nothing that a host can do frees its thread. It counts as abandoned. */
  ABANDONED,
  /** The call fails at once: the attempt counts, and the unit is tried again. */
  FAILS,
  /** The run ends well; what it left behind is not the pool's to end. */
  ENDS,
  /** A limit ends the run; what the call brings afterwards is not used. */
  LATE,
  /** The process ends; another takes its claims over, and the attempt counts. */
  TAKEN_OVER,
  /** The call is bounded by deriver; the outcome is written once, or the claim is taken back. */
  WRITTEN_ONCE
}
