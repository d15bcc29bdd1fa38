package io.deriver.internal.pool;

/** What follows when a run's own code has come to its end, on whichever thread it did. */
final class RunReturn {

  private final Runs runs;
  private final AbandonedRuns abandoned;
  private final Outcomes outcomes;
  private final Endings endings;
  private final ClaimedAhead ahead;

  RunReturn(
      Runs runs, AbandonedRuns abandoned, Outcomes outcomes, Endings endings, ClaimedAhead ahead) {
    this.runs = runs;
    this.abandoned = abandoned;
    this.outcomes = outcomes;
    this.endings = endings;
    this.ahead = ahead;
  }

  /** Ends the run with what its code came to; says no if it was ended by force meanwhile. */
  boolean endedWith(Run run, Ending ending) {
    if (!ended(run)) {
      return false;
    }
    outcomes.submit(run, ending);
    return true;
  }

  private boolean ended(Run run) {
    return run.isOn(Thread.currentThread())
        ? runs.endWithHeir(run, ahead)
        : runs.end(run, new RunEnd.ByItself());
  }

  /** No thread could be had for it: its claim goes back, attempt uncounted. */
  void neverBegan(Run run) {
    run.markReturned();
    runs.end(run, new RunEnd.Stopped(RunEnd.Reason.NOT_STARTED));
  }

  /** The run's code is over. To be called once, after all else that is done for the run. */
  void over(Run run, boolean endedByItself) {
    try {
      if (endedByItself) {
        run.markReturned();
      } else {
        late(run);
      }
    } finally {
      run.endRecording();
    }
  }

  private void late(Run run) {
    try {
      // A run that nobody ended and that did not end itself was broken by an Error in our own code.
      runs.end(run, new RunEnd.Stopped(RunEnd.Reason.BROKEN));
      if (run.end() instanceof RunEnd.ByItself) {
        // So was one that ended itself and came no further; whether its outcome got away is open.
        outcomes.submitInDoubt(run, endings.ofStop(run, RunEnd.Reason.BROKEN));
      }
    } finally {
      abandoned.returned(run);
    }
  }
}
