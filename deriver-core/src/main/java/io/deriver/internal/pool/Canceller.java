package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What follows when a run was ended by force, in this order: the stack of its thread is taken, its
 * outcome is handed on, and a side thread interrupts it and closes what it registered. The slot has
 * long come back when this begins.
 */
final class Canceller implements Duty.Pass {

  private final Queue<Run> ended = new ConcurrentLinkedQueue<>();
  private final StackSampler stacks;
  private final Endings endings;
  private final Outcomes outcomes;
  private final Closers closers;
  private final PoolClock clock;
  private final Events events;

  Canceller(
      StackSampler stacks,
      Endings endings,
      Outcomes outcomes,
      Closers closers,
      PoolClock clock,
      Events events) {
    this.stacks = stacks;
    this.endings = endings;
    this.outcomes = outcomes;
    this.closers = closers;
    this.clock = clock;
    this.events = events;
  }

  /**
   * Takes a run that was ended by force. Never blocks; a run that comes twice is dealt with once.
   */
  void take(Run run) {
    ended.add(run);
  }

  @Override
  public Duration run() {
    for (Run run; (run = ended.poll()) != null; ) {
      if (run.beginCancelling()) {
        try {
          tell(run);
        } finally {
          closers.close(run);
        }
      }
    }
    return Duty.UNTIL_WOKEN;
  }

  private void tell(Run run) {
    if (run.end() instanceof RunEnd.TimedOut end) {
      if (run.hasBegun()) {
        timedOut(run, end);
      } else {
        // No host code has run, so there are no effects to wait for, and the unit is not to blame.
        stopped(run, RunEnd.Reason.NOT_BEGUN);
      }
    } else if (run.end() instanceof RunEnd.Stopped end) {
      stopped(run, end.reason());
    }
  }

  private void timedOut(Run run, RunEnd.TimedOut end) {
    String stack = stackOf(run);
    events.publish(
        new PoolEvent.RunTimedOut(
            run.id(), run.attempt(), end.limit().setting(), end.after(), stack));
    handOn(run, endings.ofTimeout(run, end, stack));
  }

  private void stopped(Run run, RunEnd.Reason reason) {
    events.publish(new PoolEvent.RunCancelled(run.id(), run.attempt(), reason.text()));
    handOn(run, endings.ofStop(run, reason));
  }

  // Nobody comes by here again for this run: a stack that cannot be had must not cost its outcome.
  private String stackOf(Run run) {
    try {
      return stacks.take(run);
    } catch (Throwable broken) {
      return "  (no stack: it could not be taken)";
    }
  }

  private void handOn(Run run, Ending ending) {
    Duration hold = run.served().limits().zombiePolicy().holdFor();
    if (hold.isZero() || run.hasReturned() || !run.hasBegun()) {
      outcomes.submit(run, ending);
    } else {
      outcomes.hold(run, ending, clock.nanoTime() + hold.toNanos());
    }
  }
}
