package io.deriver.internal.pool;

import io.deriver.ClaimedItem;
import io.deriver.Codec;
import io.deriver.Codecs;
import io.deriver.Outcome;
import io.deriver.PermanentFailureException;
import io.deriver.PoolEvent;
import io.deriver.WorkUnit;
import io.deriver.spi.StoredItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.MDC;

/**
 * What a run's thread does: decode, process, and say how it ended, if it was not ended meanwhile.
 * All host code but listeners and closes runs in here, where the run's limits hold.
 */
final class RunBody {

  private final Runs runs;
  private final AbandonedRuns abandoned;
  private final Outcomes outcomes;
  private final Endings endings;
  private final ApplyStep applyStep;
  private final Codecs codecs;
  private final Events events;

  RunBody(
      Runs runs,
      AbandonedRuns abandoned,
      Outcomes outcomes,
      Endings endings,
      ApplyStep applyStep,
      Codecs codecs,
      Events events) {
    this.runs = runs;
    this.abandoned = abandoned;
    this.outcomes = outcomes;
    this.endings = endings;
    this.applyStep = applyStep;
    this.codecs = codecs;
    this.events = events;
  }

  /** Works the run; says whether the thread may work another. */
  boolean work(Run run) {
    run.startedOn(Thread.currentThread());
    boolean endedByItself = false;
    try {
      // One whose thread comes too late has been given back: nobody would stop it any more.
      if (run.end() == null) {
        nameInLogs(run);
        endedByItself = workUnder(run, run.served());
      }
    } finally {
      if (endedByItself) {
        run.markReturned();
      } else {
        returnLate(run);
      }
      MDC.clear();
    }
    return endedByItself && !Thread.interrupted();
  }

  private void returnLate(Run run) {
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

  private <T> boolean workUnder(Run run, Served<T> served) {
    Ending ending;
    try {
      List<ClaimedItem<T>> items = new ArrayList<>();
      Map<Long, PermanentFailureException> broken = decode(run, served, items);
      if (!broken.isEmpty()) {
        ending = endings.undecodable(run, broken);
      } else {
        WorkUnit<T> unit = new WorkUnit<>(served.type(), run.id().key(), items);
        events.publish(new PoolEvent.RunStarted(run.id(), run.attempt(), items.size()));
        Outcome outcome = served.processor().process(unit, run);
        if (outcome instanceof Outcome.Apply apply) {
          return applyStep.run(run, apply.step());
        }
        ending = endings.of(run, outcome);
      }
    } catch (Throwable error) {
      ending = endings.ofFailure(run, error);
    }
    if (!runs.end(run, new RunEnd.ByItself())) {
      return false;
    }
    outcomes.submit(run, ending);
    return true;
  }

  private <T> Map<Long, PermanentFailureException> decode(
      Run run, Served<T> served, List<ClaimedItem<T>> items) {
    Codec<T> codec = served.type().codecOr(codecs);
    Map<Long, PermanentFailureException> broken = new LinkedHashMap<>();
    for (StoredItem item : run.claim().items()) {
      try {
        T payload = codec.decode(item.payload());
        if (payload == null) {
          throw new IllegalArgumentException("the codec decoded it to null");
        }
        items.add(new ClaimedItem<>(item.id(), payload, item.weight(), item.enqueuedAt()));
      } catch (Exception error) {
        broken.put(
            item.id(),
            new PermanentFailureException(
                "The payload of item %d (%s) cannot be decoded as %s"
                    .formatted(item.id(), run.id(), served.type().payloadClass().getName()),
                error));
      }
    }
    return broken;
  }

  private static void nameInLogs(Run run) {
    MDC.clear();
    MDC.put("deriver.type", run.id().type());
    MDC.put("deriver.key", run.id().key());
    MDC.put("deriver.attempt", Integer.toString(run.attempt()));
    MDC.put("deriver.fence", Long.toString(run.fence()));
  }
}
