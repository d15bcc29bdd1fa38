package io.deriver;

import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimId;
import java.time.Duration;
import java.util.List;

/**
 * What happened in a pool. Immutable; no component is ever null. Later versions may add kinds, so a
 * listener passes over those that it does not know.
 *
 * <p>{@code attempt} is 1 for the first. {@code error}, {@code reason} and {@code stack} are texts
 * of at most 8,000 characters, those of the host's own code through the {@linkplain
 * Pool.Builder#redactor redactor}. {@code runs} names ten runs at most, the oldest first, a line
 * each. Durations are by the pool's clock.
 */
public sealed interface PoolEvent {

  /**
   * The pool has joined the store and begins to work.
   *
   * @param node its id, which stands on every claim of this start
   */
  record PoolStarted(String node, int slots, List<String> types) implements PoolEvent {
    public PoolStarted {
      types = List.copyOf(types);
    }
  }

  /** A claim became a live run. */
  record RunStarted(ClaimId claim, int attempt, int items) implements PoolEvent {}

  /** All items of a unit are done, and the store has it. */
  record UnitCompleted(ClaimId claim, int attempt, int items, Duration took) implements PoolEvent {}

  /**
   * The last item of a key is done or discarded, and the store has it. Told after the event of that
   * unit; not when the last item became a dead letter or was cancelled, nor when the answer of the
   * store was lost. An item that was being enqueued at that moment may follow.
   */
  record KeyDrained(ClaimId claim) implements PoolEvent {}

  /** An attempt failed; the oldest items of the unit are tried again after the delay. */
  record UnitRetried(ClaimId claim, int attempt, Cause cause, String error, Duration delay)
      implements PoolEvent {}

  /** The claim was given back without counting the attempt. */
  record UnitReleased(ClaimId claim, int attempt, String reason, Duration delay)
      implements PoolEvent {}

  /** All items of the unit were set aside: mostly one, which was alone in it. */
  record UnitDeadLettered(ClaimId claim, int attempt, int items, Cause cause, String error)
      implements PoolEvent {}

  /** The processor dropped the unit, and the store has it. */
  record UnitDiscarded(ClaimId claim, int attempt, String reason) implements PoolEvent {}

  /**
   * Items of a unit ended each by itself; those left are claimed again.
   *
   * @param failed how many of those left had failed
   * @param error why the first of the dead-lettered items was set aside, or if there is none the
   *     first of the others failed; empty if all is well
   * @param delay how long the key rests first
   */
  record UnitSplit(
      ClaimId claim,
      int attempt,
      int done,
      int failed,
      int deadLettered,
      String error,
      Duration delay)
      implements PoolEvent {}

  /**
   * A limit ended the run by force; the slot is free.
   *
   * @param limit the name of the setting: {@code timeout}, {@code idleTimeout} or {@code
   *     firstProgressTimeout}
   * @param after the run's age when it was ended
   * @param stack where its thread was then, or why that is not known
   */
  record RunTimedOut(ClaimId claim, int attempt, String limit, Duration after, String stack)
      implements PoolEvent {}

  /** The run was ended from outside for another reason than a limit; the slot is free. */
  record RunCancelled(ClaimId claim, int attempt, String reason) implements PoolEvent {}

  /**
   * A run was ended by force, its thread was asked to stop, and a second later it is still not
   * back. Told once for each run; {@link LateReturn} follows if it comes back at last. An
   * asynchronous run counts as a thread until its stage is complete.
   *
   * @param since how long ago the run was ended
   * @param stack where its thread is now, or why that is not known
   * @param abandoned how many have not come back
   * @param cap at how many the pool stops claiming
   */
  record RunAbandoned(
      ClaimId claim, int attempt, Duration since, String stack, int abandoned, int cap)
      implements PoolEvent {}

  /**
   * The thread of a run that was ended by force came back; what it brought is not used.
   *
   * @param late how long after the run's end
   * @param stillAbandoned how many others have not come back
   */
  record LateReturn(ClaimId claim, int attempt, Duration late, int stillAbandoned)
      implements PoolEvent {}

  /**
   * A write came too late: the claim belongs to somebody else, and nothing was changed.
   *
   * @param write the kind of end that was to be written, {@code Completed} for instance; {@code
   *     Apply} for a step
   */
  record WriteRefused(ClaimId claim, String write) implements PoolEvent {}

  /** The answer to a write was lost and the claim is gone: it took effect, or was reaped since. */
  record WriteUnknown(ClaimId claim, String write) implements PoolEvent {}

  /**
   * An outcome could not be written while its claim could still be ours; the claim is left to the
   * reaper.
   */
  record WriteGivenUp(ClaimId claim, String write, String error) implements PoolEvent {}

  /**
   * A claim was taken back: by a reaper, of this node or another; or by the node itself, which
   * never got the answer to it.
   *
   * @param deadLettered whether its item was set aside: it was alone, and that was its last attempt
   */
  record ClaimReaped(ClaimId claim, String reason, boolean deadLettered) implements PoolEvent {}

  /**
   * The node's lease could not be renewed in time, or the store no longer holds its claims.
   *
   * @param runsCancelled how many live runs were stopped for that
   */
  record LeaseLost(String reason, int runsCancelled) implements PoolEvent {}

  /** As many threads of ended runs have not returned as the cap allows: the pool claims no more. */
  record Saturated(int abandoned, int cap, List<String> runs) implements PoolEvent {}

  /**
   * The pool stands at its cap and no thread has come back for {@code whenSaturatedFor}: liveness
   * is DOWN, and the host's callback is called if it was not since the pool came to its cap.
   */
  record RestartNeeded(int abandoned, Duration sinceReturn) implements PoolEvent {}

  /** The pool claims again after {@link Saturated}. */
  record Resumed(int abandoned) implements PoolEvent {}

  /**
   * A pass of one of the pool's duties failed; it tries again after the delay.
   *
   * @param duty as {@link Health#duties()} names it
   * @param failures how many in a row
   */
  record DutyFailed(String duty, String error, int failures, Duration retryIn)
      implements PoolEvent {}

  /** A duty works again after failures. */
  record DutyRecovered(String duty, int failures) implements PoolEvent {}

  /**
   * Runs were started more than a second ago, and no thread has come to them. On virtual threads:
   * others, which spin or are pinned, hold every carrier.
   */
  record RunsWithoutThread(int count, List<String> runs) implements PoolEvent {
    public RunsWithoutThread {
      runs = List.copyOf(runs);
    }
  }

  /**
   * A {@link FailurePolicy}, or a {@link Gate} that was closed, paused a type: this pool claims no
   * units of it for so long.
   *
   * @param reason the first line of the failure, or that the gate is closed
   */
  record TypePaused(String type, Duration pause, String reason) implements PoolEvent {}

  /**
   * All that this pool tried of a type failed, so many keys in a row: it claims one unit at a time
   * until one is done, and what fails meanwhile is not to blame; see {@link BreakerPolicy}.
   *
   * @param reason the first line of the last failure
   */
  record BreakerOpened(String type, int failures, String reason) implements PoolEvent {}

  /**
   * A unit of the type is done after {@link BreakerOpened}: all are claimed again.
   *
   * @param open how long the breaker was open
   * @param probes how many units were claimed meanwhile
   */
  record BreakerClosed(String type, Duration open, int probes) implements PoolEvent {}

  /** Items wait whose type no live node serves. */
  record TypesUnserved(List<String> types) implements PoolEvent {}

  /** A drain is over; the pool claims nothing more. */
  record Drained(DrainReport report) implements PoolEvent {}

  /**
   * Work is there and nothing has ended for so long. Told at every {@code stallReportInterval}
   * while it lasts.
   *
   * @param why nothing ends, in words
   * @param runs the longest-running ones, with their stacks
   */
  record Stalled(Duration since, String why, List<String> runs) implements PoolEvent {}

  /**
   * Events were dropped because those who take them were too slow or hung. Those that follow are
   * passed on.
   *
   * @param outlet where they were to go: {@code log}, {@code listeners} or {@code flight-recorder}
   */
  record EventsDropped(String outlet, long dropped) implements PoolEvent {}
}
