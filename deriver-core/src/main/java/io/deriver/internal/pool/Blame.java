package io.deriver.internal.pool;

import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What is held against a unit that failed, given the attempts that are left to it, those that ran
 * beside it in the unit, and how the others of its type fare.
 */
final class Blame {

  private final PoolClock clock;
  private final Breakers breakers;

  Blame(PoolClock clock, Breakers breakers) {
    this.clock = clock;
    this.breakers = breakers;
  }

  /** How long a unit rests after this attempt of it. */
  static Duration backoff(Run run) {
    return run.served().limits().backoff().after(run.attempt(), ThreadLocalRandom.current());
  }

  /** Trying again cannot help the item at fault; so it is looked for, without rest. */
  static Ending refused(Run run, String error) {
    return isAlone(run)
        ? Ending.deadLettered(run, Cause.FAILURE, error)
        : Ending.retried(run, Duration.ZERO, Cause.FAILURE, error);
  }

  /** An item is set aside only if it failed alone: what ran beside it may be without fault. */
  static Ending failed(Run run, Duration delay, Cause cause, String error) {
    return isAlone(run) && run.attempt() >= run.served().limits().maxAttempts()
        ? Ending.deadLettered(run, cause, error)
        : Ending.retried(run, delay, cause, error);
  }

  /** As {@link #failed}, unless all of the type fails: then the unit is not to blame. */
  Ending judged(Run run, Duration delay, Cause cause, String error, boolean ofProvider) {
    // A failure that comes after the run was ended tells of a provider of long ago.
    boolean late = cause != Cause.TIMEOUT && run.isCancelled();
    Breaker.Failure failure =
        new Breaker.Failure(
            run.id().key(),
            run.attempt(),
            run.begin(),
            clock.nanoTime(),
            ofProvider,
            ErrorText.firstLine(error));
    if (!late && breakers.of(run.id().type()).excuses(failure) && isYoung(run)) {
      return Ending.excused(
          run, delay, cause, error, "all of its type fails: " + ErrorText.firstLine(error));
    }
    return failed(run, delay, cause, error);
  }

  /** A call has succeeded: its provider works. */
  void succeeded(Run run) {
    if (!run.isCancelled()) {
      breakers.of(run.id().type()).succeeded(run.begin());
    }
  }

  /** Whether an outage is still an excuse for it. */
  boolean isYoung(Run run) {
    Duration age = run.claim().age().plus(run.age(clock.nanoTime()));
    return age.compareTo(run.served().limits().maxAge()) < 0;
  }

  private static boolean isAlone(Run run) {
    return run.claim().items().size() == 1;
  }
}
