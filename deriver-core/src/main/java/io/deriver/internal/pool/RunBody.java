package io.deriver.internal.pool;

import io.deriver.ClaimedItem;
import io.deriver.Codec;
import io.deriver.Codecs;
import io.deriver.Outcome;
import io.deriver.PermanentFailureException;
import io.deriver.PoolEvent;
import io.deriver.WorkUnit;
import io.deriver.internal.flight.RunFlights;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.StoredItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.MDC;

/**
 * What a run's thread does: decode, process, and say how it ended, if it was not ended meanwhile.
 * All host code but listeners, closes and the completion of stages runs in here, where the run's
 * limits hold.
 */
final class RunBody implements RunThreads.Body {

  /** How the thread leaves the run. */
  private enum Left {
    ENDED,
    LATE,
    WAITING_FOR_A_STAGE
  }

  private final Gates gates;
  private final RunReturn returns;
  private final StageRuns stages;
  private final Endings endings;
  private final ApplyStep applyStep;
  private final Codecs codecs;
  private final RunFlights flights;
  private final Events events;

  RunBody(
      Gates gates,
      RunReturn returns,
      StageRuns stages,
      Endings endings,
      ApplyStep applyStep,
      Codecs codecs,
      RunFlights flights,
      Events events) {
    this.gates = gates;
    this.returns = returns;
    this.stages = stages;
    this.endings = endings;
    this.applyStep = applyStep;
    this.codecs = codecs;
    this.flights = flights;
    this.events = events;
  }

  /** Works the run; says whether the thread may work another. */
  @Override
  public boolean work(Run run) {
    run.startedOn(Thread.currentThread());
    Left left = Left.LATE;
    try {
      // One whose thread comes too late has been given back: nobody would stop it any more.
      if (run.end() == null) {
        nameInLogs(run);
        CompletionStep step = run.step();
        if (step == null) {
          run.recordedBy(flights.begin(run.claim()));
          left = workUnder(run, run.served());
        } else {
          left = apply(run, step);
        }
      }
    } finally {
      if (left == Left.WAITING_FOR_A_STAGE) {
        run.leftBy(Thread.currentThread());
      } else {
        returns.over(run, left == Left.ENDED);
      }
      MDC.clear();
    }
    // Looked at after the run let go of the thread: whoever ended it later interrupts nobody.
    boolean mayBeInterrupted = left == Left.LATE || run.isCancelled();
    return !Thread.interrupted() && !mayBeInterrupted;
  }

  @Override
  public void leave(Run run) {
    returns.neverBegan(run);
  }

  private <T> Left workUnder(Run run, Served<T> served) {
    Ending ending;
    try {
      List<ClaimedItem<T>> items = new ArrayList<>();
      Map<Long, PermanentFailureException> broken = decode(run, served, items);
      if (!broken.isEmpty()) {
        return left(returns.endedWith(run, endings.undecodable(run, broken)));
      }
      String refusal = gates.refusal(run);
      if (refusal != null) {
        ending = endings.turnedAway(run, refusal);
      } else {
        WorkUnit<T> unit = new WorkUnit<>(served.type(), run.id().key(), items, run.claim().cut());
        events.publish(new PoolEvent.RunStarted(run.id(), run.attempt(), items.size()));
        Outcome outcome;
        if (served.work() instanceof Work.InStages<T> work) {
          StageResult result = stages.await(run, work.processor().process(unit, run));
          if (result == null) {
            return Left.WAITING_FOR_A_STAGE;
          }
          outcome = result.get();
        } else {
          outcome = ((Work.OnThread<T>) served.work()).processor().process(unit, run);
        }
        GatePass.leave(run, outcome, null);
        if (outcome instanceof Outcome.Apply apply) {
          return left(applyStep.run(run, apply.step()));
        }
        ending = endings.of(run, outcome);
      }
    } catch (Throwable error) {
      GatePass.leave(run, null, error);
      ending = endings.ofFailure(run, error);
    }
    return left(returns.endedWith(run, ending));
  }

  private Left apply(Run run, CompletionStep step) {
    Ending ending;
    try {
      return left(applyStep.run(run, step));
    } catch (Throwable error) {
      ending = endings.ofFailure(run, error);
    }
    return left(returns.endedWith(run, ending));
  }

  private static Left left(boolean endedByItself) {
    return endedByItself ? Left.ENDED : Left.LATE;
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
        items.add(
            new ClaimedItem<>(
                item.id(), payload, item.weight(), item.variant(), item.enqueuedAt()));
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
