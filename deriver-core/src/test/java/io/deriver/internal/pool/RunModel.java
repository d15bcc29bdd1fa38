package io.deriver.internal.pool;

import io.deriver.Limits;
import io.deriver.PoolEvent;
import io.deriver.ZombiePolicy;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * One live run in the registries that it passes through, without the pool's threads: whoever
 * explores the interleavings has each of the operations done by a thread of its own. Public, and
 * without parameters, as the model checker wants it.
 */
public final class RunModel {

  private static final PoolClock CLOCK = PoolClock.system();
  private static final Events EVENTS = new Events("model", List.of());
  private static final RunEnd BY_ITSELF = new RunEnd.ByItself();
  private static final RunEnd TIMED_OUT =
      new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, Duration.ofSeconds(1));
  private static final RunEnd LEASE_LOST = new RunEnd.Stopped(RunEnd.Reason.LEASE_LOST);
  private static final RunEnd DRAINED = new RunEnd.Stopped(RunEnd.Reason.DRAINED);
  private static final RunEnd CANCELLED = new RunEnd.Stopped(RunEnd.Reason.CANCELLED);

  private final Run run = TestRuns.run(CLOCK, RunModel::limits);
  private final Ending ending =
      new Ending(
          new ClaimEnd.Completed(), new PoolEvent.UnitDiscarded(run.id(), run.attempt(), ""));
  private final Queue<Run> toCancel = new ConcurrentLinkedQueue<>();
  private final AtomicInteger freed = new AtomicInteger();
  private final AtomicInteger written = new AtomicInteger();
  private final Outcomes outcomes = new Outcomes(Duration.ofMinutes(1), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, CLOCK, EVENTS, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, toCancel::add, freed::incrementAndGet);
  private boolean worked;
  private volatile boolean held;

  public RunModel() {
    runs.add(run);
  }

  private static void limits(Limits.Builder limits) {
    limits.zombiePolicy(ZombiePolicy.hold(Duration.ofHours(1)));
  }

  /** From now on a key whose run is ended by force is held until the thread returns. */
  @Operation
  public void keysAreHeld() {
    held = true;
  }

  /** The processor returns: the end of {@link RunBody}. */
  @Operation
  public void returns() {
    worked = true;
    if (runs.end(run, BY_ITSELF)) {
      outcomes.submit(run, ending);
      run.markReturned();
    } else {
      abandoned.returned(run);
    }
  }

  @Operation
  public void timesOut() {
    runs.end(run, TIMED_OUT);
  }

  @Operation
  public void losesItsLease() {
    runs.end(run, LEASE_LOST);
  }

  /** By an operator. */
  @Operation
  public void isCancelled() {
    runs.end(run, CANCELLED);
  }

  /** A drain, or a close, comes to its limit. */
  @Operation
  public void drains() {
    runs.end(run, DRAINED);
    outcomes.stopHolding(run);
  }

  /** A pass of the watchdog over a run that is decided already. */
  @Operation
  public void settles() {
    if (run.end() != null && runs.size() > 0) {
      runs.settle(run);
    }
  }

  /** A pass of the {@link Canceller} and one of the {@link OutcomeWriter}. */
  @Operation
  public void follows() {
    for (Run ended; (ended = toCancel.poll()) != null; ) {
      if (ended.beginCancelling()) {
        if (!held || ended.hasReturned()) {
          outcomes.submit(ended, ending);
        } else {
          outcomes.hold(ended, ending, Long.MAX_VALUE);
        }
      }
    }
    for (PendingWrite write : outcomes.take(10)) {
      written.incrementAndGet();
      outcomes.paid(write.fence());
    }
  }

  /** Everything comes to rest, the thread comes back if it did not; then what must hold. */
  @Validate
  public void oneEndOneOutcomeOneSlotBack() {
    follows();
    if (!worked) {
      returns();
    }
    settles();
    follows();
    check("runs in slots", 0, runs.size());
    check("slots given back", 1, freed.get());
    check("ends counted", 1, runs.endings());
    check("outcomes written", 1, written.get());
    check("outcomes owed", 0, outcomes.unwritten());
    check("threads abandoned", 0, abandoned.count());
  }

  private static void check(String what, long expected, long actual) {
    if (actual != expected) {
      throw new IllegalStateException(what + ": " + actual + " and not " + expected);
    }
  }
}
