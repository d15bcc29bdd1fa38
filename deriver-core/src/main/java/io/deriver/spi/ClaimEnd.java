package io.deriver.spi;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a claim ends: what its items become and what is remembered of it. The pool decides, the store
 * writes. Whatever it is, the claim is over when it is written.
 */
public sealed interface ClaimEnd {

  /**
   * All items of the claim are done and deleted; attempts and standing of the key start anew. If
   * the key's units had shrunk, the next may have twice as many items.
   *
   * @param discarded whether the processor wanted them dropped; for a store that keeps what has
   *     ended, and else all the same
   */
  record Completed(boolean discarded) implements ClaimEnd {

    /** They were worked. */
    public Completed() {
      this(false);
    }
  }

  /**
   * The items stay, and after the delay the oldest of them are claimed again: half as many, rounded
   * down, but one at least; and one alone if that is the last attempt. The attempt stays counted
   * and the error joins the key's history. Suspicion is lifted; probation is set or lifted.
   */
  record Retried(Duration delay, Cause cause, String error) implements ClaimEnd {}

  /**
   * The attempt is given back, and the same items can be claimed again after the delay. Without a
   * failure it is as if the claim had never been: the key keeps its standing.
   *
   * @param failure how it failed, though the unit is not to blame: it joins the key's history;
   *     suspicion is lifted, probation is set or lifted as of {@link Retried}
   */
  record Released(Duration delay, @Nullable Failure failure) implements ClaimEnd {

    /** As if it had never been. */
    public Released(Duration delay) {
      this(delay, null);
    }
  }

  /** A failure that is held against nobody. */
  record Failure(Cause cause, String error) {}

  /**
   * All items of the claim, mostly one, become dead letters with the key's error history and this
   * error. After a timeout those behind them come on probation, each alone and with its last
   * attempt, until one is done.
   */
  record DeadLettered(Cause cause, String error) implements ClaimEnd {}

  /**
   * Some items end, the rest stays in order; attempts and standing of the key start anew.
   *
   * @param done ids of the claim's items that are done
   * @param dead ids of the claim's items that become dead letters, each with its error
   * @param rest what is remembered of the rest if one of its items failed; null if none did, and
   *     then the rest can be claimed at once
   */
  record Split(Set<Long> done, Map<Long, String> dead, @Nullable Rest rest) implements ClaimEnd {
    public Split {
      done = Set.copyOf(done);
      dead = Map.copyOf(dead);
    }

    /** A split in which nothing failed but what is dead. */
    public Split(Set<Long> done, Map<Long, String> dead) {
      this(done, dead, null);
    }
  }

  /**
   * What is left of a claim in which an item failed.
   *
   * @param goesOn whether the attempt stays counted and the error joins the key's history; else
   *     both begin with this attempt, as the first
   * @param delay how long the key rests
   */
  record Rest(boolean goesOn, Duration delay, String error) {}

  /** Why an attempt ended badly. */
  enum Cause {
    /** The processor failed, or said so. */
    FAILURE,
    /** A limit ended the run by force. */
    TIMEOUT
  }
}
