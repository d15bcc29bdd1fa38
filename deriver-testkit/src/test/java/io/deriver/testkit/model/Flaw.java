package io.deriver.testkit.model;

/** A way to get the protocol wrong. Each was met in this or another queue, or nearly built. */
enum Flaw {
  /** Ends are written whoever holds the claim by now. */
  FENCE_NOT_CHECKED,
  /** A failure of an earlier owner is written over the claim of the present one. */
  FAILURE_NOT_FENCED,
  /** The effect is committed first, the completion afterwards. */
  EFFECT_OUTSIDE_THE_TRANSACTION,
  /** The items of a claim come from an older snapshot than its lock. */
  ITEMS_OF_AN_OLD_SNAPSHOT,
  /** A head is deleted since no other item was seen, looked up before the lock. */
  DRAINED_HEAD_BY_LOOKING,
  /** The note of an enqueue is deleted in one transaction and the head written in the next. */
  ROUTED_IN_TWO_STEPS,
  /** The newest item is claimed first. */
  NEWEST_FIRST,
  /** Attempts live in memory: a crash forgets them. */
  ATTEMPTS_FORGOTTEN,
  /** Every claim of a process that ended counts, also of those who ran beside the cause. */
  ATTEMPTS_OF_BYSTANDERS,
  /** A hung run keeps its slot. */
  NO_TIMEOUT,
  /** Nobody takes back the claims of a process that ended. */
  NO_REAPER,
  /** A claim whose owner lives is kept, though its end was never written. */
  NO_GUARD,
  /** A unit of several is tried again as it is, and set aside whole. */
  COMPANY_CONDEMNED
}
