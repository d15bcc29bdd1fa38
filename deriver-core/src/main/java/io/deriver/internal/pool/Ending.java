package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimId;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.util.List;

/** What is to be written for a run, and what to tell once it is. */
record Ending(ClaimEnd claimEnd, PoolEvent whenWritten) {

  /** Its items are done. */
  static Ending completed(Run run, Duration took) {
    return new Ending(
        new ClaimEnd.Completed(),
        new PoolEvent.UnitCompleted(run.id(), run.attempt(), run.claim().items().size(), took));
  }

  /** Its items are not to be done. */
  static Ending discarded(Run run, String reason) {
    return new Ending(
        new ClaimEnd.Completed(true), new PoolEvent.UnitDiscarded(run.id(), run.attempt(), reason));
  }

  /** It is tried again, so much later; the attempt counts. */
  static Ending retried(Run run, Duration delay, Cause cause, String error) {
    return new Ending(
        new ClaimEnd.Retried(delay, cause, error),
        new PoolEvent.UnitRetried(run.id(), run.attempt(), cause, error, delay));
  }

  /** Its items are set aside. */
  static Ending deadLettered(Run run, Cause cause, String error) {
    return new Ending(
        new ClaimEnd.DeadLettered(cause, error),
        new PoolEvent.UnitDeadLettered(
            run.id(), run.attempt(), run.claim().items().size(), cause, error));
  }

  /** It is given back, for so much later; the attempt does not count. */
  static Ending released(Run run, Duration delay, String reason) {
    return new Ending(
        new ClaimEnd.Released(delay),
        new PoolEvent.UnitReleased(run.id(), run.attempt(), reason, delay));
  }

  /** It failed and is given back all the same, the error kept and the attempt not counted. */
  static Ending excused(Run run, Duration delay, Cause cause, String error, String reason) {
    return new Ending(
        new ClaimEnd.Released(delay, new ClaimEnd.Failure(cause, error)),
        new PoolEvent.UnitReleased(run.id(), run.attempt(), reason, delay));
  }

  /** What to tell of the claim, now that the store has its end. */
  List<PoolEvent> told(ClaimId claim, WriteAnswer answer) {
    return answer == WriteAnswer.DRAINED
        ? List.of(whenWritten, new PoolEvent.KeyDrained(claim))
        : List.of(whenWritten);
  }
}
