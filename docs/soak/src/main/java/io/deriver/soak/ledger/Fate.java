package io.deriver.soak.ledger;

/** How an item is to end, if nothing is lost and nothing done twice. */
public enum Fate {
  /** Completed, with exactly one effect. */
  EFFECT,
  /** Completed without an effect: its processor says done, and no more. */
  PLAIN,
  /** A dead letter: every attempt fails. */
  DEATH
}
