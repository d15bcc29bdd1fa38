package io.deriver.internal.pool;

import io.deriver.Outcome;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs of asynchronous processors, from the stage that was returned to its completion. They hold a
 * slot and no thread; all else is as for the others.
 */
final class StageRuns {

  private final RunReturn returns;
  private final Endings endings;
  private final Consumer<Run> startThread;

  /**
   * @param startThread has a thread work what the run owes; throws if there is none to be had
   */
  StageRuns(RunReturn returns, Endings endings, Consumer<Run> startThread) {
    this.returns = returns;
    this.endings = endings;
    this.startThread = startThread;
  }

  /** Has the run end with the stage. Calls host code, so on the run's thread. */
  void await(Run run, @Nullable CompletionStage<Outcome> stage) {
    if (stage == null) {
      throw new IllegalArgumentException("The processor returned null; it must return a stage");
    }
    // The class alone: what a stage says of itself is host code, and not under the run's limits.
    run.waitsFor(stage.getClass().getName());
    run.onCancel(() -> stage.toCompletableFuture().cancel(true));
    stage.whenComplete((outcome, error) -> completed(run, outcome, error));
  }

  private void completed(Run run, @Nullable Outcome outcome, @Nullable Throwable error) {
    if (run.hasReturned()) {
      return;
    }
    if (outcome instanceof Outcome.Apply apply && run.end() == null) {
      apply(run, apply);
      return;
    }
    boolean endedByItself = false;
    try {
      endedByItself = returns.endedWith(run, ending(run, outcome, error));
    } finally {
      returns.over(run, endedByItself);
    }
  }

  private void apply(Run run, Outcome.Apply apply) {
    try {
      run.owes(apply.step());
      startThread.accept(run);
    } catch (Throwable noThread) {
      String why = "no thread could be started for its step: " + ErrorText.brief(noThread);
      returns.over(run, returns.endedWith(run, endings.ofStoreFailure(run, why)));
    }
  }

  private Ending ending(Run run, @Nullable Outcome outcome, @Nullable Throwable error) {
    try {
      return error == null ? endings.of(run, outcome) : endings.ofFailure(run, cause(error));
    } catch (Throwable broken) {
      return endings.ofFailure(run, broken);
    }
  }

  private static Throwable cause(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : null;
    return cause == null ? error : cause;
  }
}
