package io.deriver.spi;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * How a claim ends: what its items become and what is remembered of it. The pool decides, the store
 * writes. Whatever it is, the claim is over when it is written.
 */
public sealed interface ClaimEnd {

  /** All items of the claim are done and deleted; attempts and standing of the key start anew. */
  record Completed() implements ClaimEnd {}

  /**
   * The items stay, and the same ones are claimed again after the delay. The attempt stays counted
   * and the error joins the key's history. Suspicion is lifted; probation is set or lifted.
   */
  record Retried(Duration delay, Cause cause, String error) implements ClaimEnd {}

  /** As if it had never been: the attempt is given back; the key keeps its standing. */
  record Released(Duration delay) implements ClaimEnd {}

  /** All items of the claim become dead letters with the key's error history and this error. */
  record DeadLettered(Cause cause, String error) implements ClaimEnd {}

  /**
   * Some items end, the rest stays in order and can be claimed at once; attempts and standing of
   * the key start anew.
   *
   * @param done ids of the claim's items that are done
   * @param dead ids of the claim's items that become dead letters, each with its error
   */
  record Split(Set<Long> done, Map<Long, String> dead) implements ClaimEnd {
    public Split {
      done = Set.copyOf(done);
      dead = Map.copyOf(dead);
    }
  }

  /** Why an attempt ended badly. */
  enum Cause {
    /** The processor failed, or said so. */
    FAILURE,
    /** A limit ended the run by force. */
    TIMEOUT
  }
}
