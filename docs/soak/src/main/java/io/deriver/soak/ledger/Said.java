package io.deriver.soak.ledger;

/** What a pool told its listeners of a claim, as far as the judge goes by it. */
public enum Said {
  COMPLETED,
  RETRIED,
  RELEASED,
  DEAD,
  REFUSED,
  UNKNOWN,
  GIVEN_UP,
  REAPED,
  TIMED_OUT,
  ABANDONED,
  LATE,
  LEASE_LOST,
  EVENTS_DROPPED,
  /** The pool has joined and works; its process lives. */
  READY
}
