package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.StoreException;
import io.deriver.spi.WriteAnswer;

/**
 * Completes a run in the transaction of its own step, on the run's thread. The slot comes back when
 * the step has ended; the commit behind it is bounded by the store.
 */
final class ApplyStep {

  private final NodeStore store;
  private final Runs runs;
  private final AbandonedRuns abandoned;
  private final Outcomes outcomes;
  private final Endings endings;
  private final Events events;
  private final Runnable workMayFollow;

  ApplyStep(
      NodeStore store,
      Runs runs,
      AbandonedRuns abandoned,
      Outcomes outcomes,
      Endings endings,
      Events events,
      Runnable workMayFollow) {
    this.store = store;
    this.runs = runs;
    this.abandoned = abandoned;
    this.outcomes = outcomes;
    this.endings = endings;
    this.events = events;
    this.workMayFollow = workMayFollow;
  }

  /**
   * Runs the step.
   *
   * <p>A failure of the store is not the unit's: the claim is given back, the attempt uncounted.
   *
   * @return whether the run ended by itself, rather than by force meanwhile
   * @throws Exception what the step threw while the run was live: a failure of the unit
   */
  boolean run(Run run, CompletionStep step) throws Exception {
    // One that comes back late would take a connection of the host's only to have it cut off.
    if (run.end() != null) {
      return false;
    }
    StepGate gate = new StepGate(run);
    WriteAnswer answer;
    try {
      answer = store.apply(run.id(), step, gate);
    } catch (Throwable error) {
      if (!gate.closed) {
        if (error instanceof StoreException && runs.end(run, new RunEnd.ByItself())) {
          outcomes.submit(run, endings.ofStoreFailure(run, ErrorText.brief(error)));
          return true;
        }
        throw error;
      }
      outcomes.submitInDoubt(
          run,
          error instanceof StoreException
              ? endings.ofStoreFailure(run, ErrorText.brief(error))
              : failedAtTheCommit(run, error));
      return true;
    }
    if (!gate.closed && !runs.end(run, new RunEnd.ByItself())) {
      return false;
    }
    switch (answer) {
      case WRITTEN, DRAINED -> {
        outcomes.paid(run.fence());
        endings.completed(run).told(run.id(), answer).forEach(events::publish);
        workMayFollow.run();
      }
      case REFUSED -> {
        outcomes.paid(run.fence());
        events.publish(new PoolEvent.WriteRefused(run.id(), "Apply"));
      }
      case UNDECIDED ->
          outcomes.submit(run, endings.ofStoreFailure(run, "the claim was locked at the commit"));
      case LOST ->
          outcomes.submitInDoubt(
              run, endings.ofStoreFailure(run, "the answer to the commit was lost"));
    }
    return true;
  }

  // The run is over, and no limit holds any more for what the host's policy and redactor do here.
  // If they hang, the thread is counted and named with those that do not come back.
  private Ending failedAtTheCommit(Run run, Throwable error) {
    abandoned.add(run);
    try {
      return endings.ofFailure(run, error);
    } finally {
      abandoned.drop(run);
    }
  }

  /** Ends the run when its step has ended, so that from there on it cannot be ended by force. */
  private final class StepGate implements NodeStore.ApplyGate {
    private final Run run;
    private boolean closed;

    StepGate(Run run) {
      this.run = run;
    }

    @Override
    public void onCancel(AutoCloseable abort) {
      run.onCancel(abort);
    }

    @Override
    public boolean close() {
      closed = runs.end(run, new RunEnd.ByItself());
      return closed;
    }
  }
}
