package io.deriver.internal.pool;

/** Gives claims back of which no run ever came; nobody is asked to stop, and nothing is told. */
final class UnusedClaims {

  private final Outcomes outcomes;
  private final Endings endings;

  UnusedClaims(Outcomes outcomes, Endings endings) {
    this.outcomes = outcomes;
    this.endings = endings;
  }

  /** The claim of this run, which will not begin. */
  void giveBack(Run run, RunEnd.Reason reason) {
    run.markReturned();
    if (run.decide(new RunEnd.Stopped(reason))) {
      outcomes.owe(run);
      outcomes.submit(run, endings.ofStop(run, reason));
    }
  }
}
