package io.deriver.testkit.store.history;

/** What a history came by. A test that has not seen all of them often has shown little. */
public enum Seen {
  /** An item was dropped, since another of its dedupe key waited. */
  DEDUPLICATED,
  /** An item gave its content to another of its dedupe key that waited. */
  REPLACED,
  /** An item took the place of another of its dedupe key that waited. */
  PUSHED_BACK,
  /** A key was claimed. */
  CLAIMED,
  /** A key was claimed on probation. */
  ON_PROBATION,
  /** A key was claimed as a suspect. */
  SUSPECTED,
  /** A unit was smaller than it might be, since one of its key had failed. */
  SHRUNK,
  /** An item that was not due kept those behind it from being claimed. */
  BLOCKED,
  /** A key waited for more items. */
  GATHERING,
  /** A key that waited for more items was claimed since the oldest had waited long enough. */
  GATHERED_BY_TIME,
  /** A flush ended the wait of a key. */
  FLUSHED,
  /** A key was claimed before an older one, since it has a higher priority. */
  FAVOURED,
  /** A key was claimed before one of a higher priority, since it is older. */
  CLAIMED_BY_AGE,
  /** A claim brought nothing, since the type was paused. */
  PAUSED,
  /** A key was left since no more of its standing were to be claimed. */
  CAPPED,
  /** A key was left since no more of the type were to be claimed over all nodes. */
  LIMITED,
  /** Nothing was there to be claimed. */
  CLAIMED_NOTHING,
  /** A claim ended as its holder said. */
  ENDED,
  /** Some of a claim's items ended apart from the rest. */
  SPLIT,
  /** A holder that had lost its claim was refused. */
  REFUSED_LATE,
  /** Somebody who never held the claim was refused. */
  REFUSED_STRANGER,
  /** A step committed together with its claim's completion. */
  STEP_COMMITTED,
  /** A step left nothing: it failed, its run was over, or its claim was lost. */
  STEP_UNDONE,
  /** A node renewed its lease and heard of claims that it holds. */
  RENEWED,
  /** A node came back after its lease had passed, before anyone had reaped it. */
  RENEWED_LATE,
  /** A claim was given back by its node. */
  GIVEN_BACK,
  /** A claim was taken back since its node's lease had passed. */
  REAPED_OF_NODE,
  /** A claim was taken back since its guard had passed. */
  REAPED_BY_GUARD,
  /** A claim that was taken back became a dead letter. */
  REAPED_TO_DEATH,
  /** A reaper found live claims, and left them alone. */
  REAPED_NOTHING,
  /** An end left its key without items, and told so. */
  DRAINED,
  /** An operator dropped items that waited. */
  CANCELLED,
  /** A dead letter was put back. */
  REQUEUED,
  /** A dead letter was dropped. */
  DISCARDED
}
