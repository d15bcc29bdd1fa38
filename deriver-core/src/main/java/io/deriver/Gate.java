package io.deriver;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the units of a type and their processor: a circuit breaker, a rate limiter or a
 * bulkhead of the host's own. It is asked before each call of the processor and told how that
 * ended.
 *
 * <p>What holds: both happen on threads for which the run's limits hold, so a gate that hangs costs
 * no more than a processor that does. A unit that is not let in is given back, its attempt not
 * counted. Who was let in is told of exactly once.
 *
 * <p>What does not: where the process dies, nobody is told. Each pool asks by itself; a limit over
 * several processes is a matter of the gate's own.
 *
 * <p>Implementations must be thread-safe.
 */
public interface Gate {

  /**
   * Asks for one call. If this throws, or answers null or a time out of its range, the unit is
   * given back, and the pool claims none of the type for 10 s; log and health say why.
   *
   * @return zero lets the unit in. Anything longer, up to 1 day, turns it away: the pool claims no
   *     unit of the type for so long, and one at a time until the gate lets one in again
   */
  Duration enter();

  /**
   * A unit that was let in has left. What this throws is dropped.
   *
   * @param how how it left
   * @param took how long it was inside, by the pool's clock
   * @param error what the processor threw; null if it threw nothing, or was ended by force
   */
  void left(Exit how, Duration took, @Nullable Throwable error);

  /** How a unit leaves. Later versions may add to it. */
  enum Exit {
    /** The processor returned an outcome by which the unit is done or set aside. */
    DONE,
    /** The processor threw, or returned an outcome by which the unit is tried again. */
    FAILED,
    /** A limit, an operator or a drain ended the run; its thread may still be at its call. */
    ENDED_BY_FORCE
  }
}
