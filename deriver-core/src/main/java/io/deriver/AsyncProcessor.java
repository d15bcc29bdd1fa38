package io.deriver;

import java.util.concurrent.CompletionStage;

/**
 * The host's work where it waits without a thread: one method that begins it and returns a stage of
 * its outcome.
 *
 * <p>What holds: no thread is held while the stage is open, the slot is; all limits and rules are
 * those of a {@link Processor}. When the run is ended from outside the stage's future is cancelled,
 * on a side thread, after which everything else that was registered is closed. A step of {@link
 * Outcome#apply} runs on a thread of the pool's, never on the one that completes the stage.
 *
 * <p>What does not: a stage that stays open after its run was ended counts as abandoned, as a
 * thread would, since nobody can know what it still holds. Most futures do not stop the work behind
 * them when they are cancelled: hand what stops it to {@link RunContext#onCancel}. The host's
 * redactor and failure policy run on the thread that completes the stage, or on the run's own if it
 * was complete when it was returned. A stage that calls back more than once is heard once.
 *
 * <p>Called from many threads at once, so implementations must be thread-safe.
 *
 * @param <T> the payload class
 */
@FunctionalInterface
public interface AsyncProcessor<T> {

  /**
   * Begins to work the unit.
   *
   * @return completes with what became of it, or with an exception, which is a failure; null is a
   *     failure, be it the stage or its outcome
   * @throws Exception a failure; what happens next is decided by {@link Limits#failurePolicy()}
   */
  CompletionStage<Outcome> process(WorkUnit<T> unit, RunContext run) throws Exception;
}
