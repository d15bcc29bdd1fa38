package io.deriver.internal.pool;

import io.deriver.Outcome;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs of asynchronous processors, from the stage that was returned to its completion. They hold a
 * slot and no thread; all else is as for the others.
 */
final class StageRuns {

  /** The run's thread is off to other work. */
  private static final StageResult LEFT = new StageResult(null, null);

  /** The run failed before its thread could leave it. */
  private static final StageResult BROKEN = new StageResult(null, null);

  private final RunReturn returns;
  private final Endings endings;
  private final Consumer<Run> startThread;

  /**
   * @param startThread has a thread come to the run; throws if there is none to be had
   */
  StageRuns(RunReturn returns, Endings endings, Consumer<Run> startThread) {
    this.returns = returns;
    this.endings = endings;
    this.startThread = startThread;
  }

  /**
   * Has the run end with the stage. Calls host code, so on the run's thread; and as long as that
   * keeps the thread, the run is the thread's to end, and the limits hold for it.
   *
   * @return what the stage came to meanwhile, or null: then the run goes on without the thread
   */
  @Nullable StageResult await(Run run, @Nullable CompletionStage<Outcome> stage) {
    if (stage == null) {
      throw new IllegalArgumentException("The processor returned null; it must return a stage");
    }
    // The class alone: what a stage says of itself is host code, and not under the run's limits.
    run.waitsFor("the " + stage.getClass().getName() + " of its processor");
    run.onCancel(() -> stage.toCompletableFuture().cancel(true));
    AtomicReference<@Nullable StageResult> meeting = new AtomicReference<>();
    try {
      stage.whenComplete((outcome, error) -> calledBack(run, meeting, outcome, error));
    } catch (Throwable broken) {
      meeting.set(BROKEN);
      throw broken;
    }
    return meeting.compareAndSet(null, LEFT) ? null : meeting.get();
  }

  // A stage of the host's own making may call back twice, or from two threads: the first counts.
  private void calledBack(
      Run run,
      AtomicReference<@Nullable StageResult> meeting,
      @Nullable Outcome outcome,
      @Nullable Throwable error) {
    StageResult result = StageResult.of(outcome, error);
    if (!meeting.compareAndSet(null, result) && meeting.compareAndSet(LEFT, result)) {
      completed(run, result);
    }
  }

  private void completed(Run run, StageResult result) {
    GatePass.leave(run, result.outcome(), result.error());
    if (result.outcome() instanceof Outcome.Apply apply && run.end() == null) {
      apply(run, apply);
      return;
    }
    end(run, () -> ending(run, result));
  }

  private void apply(Run run, Outcome.Apply apply) {
    try {
      run.cameTo(apply.step());
      startThread.accept(run);
    } catch (Throwable noThread) {
      String why = "no thread could be started for its step: " + ErrorText.brief(noThread);
      end(run, () -> endings.ofStoreFailure(run, why));
    }
  }

  private void end(Run run, Supplier<Ending> ending) {
    boolean endedByItself = false;
    try {
      // What an ended run comes to is not asked: the host's code behind it would run for nothing.
      endedByItself = run.end() == null && returns.endedWith(run, ending.get());
    } finally {
      returns.over(run, endedByItself);
    }
  }

  private Ending ending(Run run, StageResult result) {
    run.waitsFor("its redactor or failure policy, on the thread that completed its stage");
    try {
      return endings.of(run, result.get());
    } catch (Throwable error) {
      return endings.ofFailure(run, error);
    }
  }
}
