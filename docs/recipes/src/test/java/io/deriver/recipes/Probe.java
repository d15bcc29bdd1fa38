package io.deriver.recipes;

import static io.deriver.recipes.Cell.INTERRUPT;
import static io.deriver.recipes.Cell.RECIPE;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Measures one cell: has a call hang, does to it what the cell says, and looks what became of it.
 *
 * <p>What the page says is given a long time to happen, so that a loaded machine does not redden
 * it; what it denies is watched for some seconds.
 */
final class Probe {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofSeconds(4);
  private static final Duration UNSAID = Duration.ofSeconds(16);

  private final Cell cell;
  private final Client client;
  private final Peer peer;
  private final boolean virtual;
  private final @Nullable String expected;
  private final Semaphore way;
  private final Handles handles = new Handles();
  private final EndedRun run = new EndedRun();

  /**
   * @param way so many calls may be on their way into their hangs at a time
   */
  Probe(
      Cell cell,
      Client client,
      Peer peer,
      boolean virtual,
      @Nullable String expected,
      Semaphore way) {
    this.cell = cell;
    this.client = client;
    this.peer = peer;
    this.virtual = virtual;
    this.expected = expected;
    this.way = way;
  }

  Verdict measure(String id) throws InterruptedException {
    Caller call = atRest(id);
    if (call == null) {
      return Verdict.FAILS;
    }
    if (call.isBack()) {
      return answered(call, id);
    }
    if (isClose() && !happens(() -> handles.get(cell.way()) != null, unlessSaid(Verdict.NONE))) {
      return Verdict.NONE;
    }
    Caller action = Caller.start(() -> act(call.thread), false);
    if (call.isBackWithin(ifSaid(Verdict.FREES, Verdict.THREAD_ONLY))) {
      boolean gone = happens(() -> !peer.holds(id), ifSaid(Verdict.FREES));
      return gone ? Verdict.FREES : Verdict.THREAD_ONLY;
    }
    if (!action.isBackWithin(ifSaid(Verdict.NO, Verdict.THROWS))) {
      return Verdict.HANGS;
    }
    return action.thrown() == null ? Verdict.NO : Verdict.THROWS;
  }

  /** The call, once it is in its hang, or back; null if it never gets there. */
  private @Nullable Caller atRest(String id) throws InterruptedException {
    way.acquire();
    try {
      Caller call =
          Caller.start(
              () -> {
                if (cell.way().equals(RECIPE)) {
                  client.recipe().call(id, run);
                } else {
                  client.usual().call(id, handles);
                }
              },
              virtual);
      Steady steady = new Steady(call, cell.shape());
      boolean rests = happens(() -> call.isBack() || (peer.holds(id) && steady.isSteady()), LONG);
      return rests ? call : null;
    } finally {
      way.release();
    }
  }

  private Verdict answered(Caller call, String id) {
    if (call.thrown() != null) {
      return Verdict.FAILS;
    }
    boolean gone = happens(() -> !peer.holds(id), ifSaid(Verdict.ANSWERS));
    return gone ? Verdict.ANSWERS : Verdict.ANSWERS_AND_LEAKS;
  }

  private boolean isClose() {
    return !cell.way().equals(INTERRUPT) && !cell.way().equals(RECIPE);
  }

  private void act(Thread thread) throws Exception {
    AutoCloseable handle = handles.get(cell.way());
    if (handle != null) {
      handle.close();
    } else if (cell.way().equals(RECIPE)) {
      run.end(thread);
    } else {
      thread.interrupt();
    }
  }

  private Duration ifSaid(Verdict... verdicts) {
    for (Verdict verdict : verdicts) {
      if (verdict.word.equals(expected)) {
        return LONG;
      }
    }
    return expected == null ? UNSAID : SHORT;
  }

  private Duration unlessSaid(Verdict verdict) {
    return expected == null ? UNSAID : verdict.word.equals(expected) ? SHORT : LONG;
  }

  private static boolean happens(Callable<Boolean> condition, Duration within) {
    try {
      awaiting(within).until(condition);
      return true;
    } catch (ConditionTimeoutException never) {
      return false;
    }
  }

  private static ConditionFactory awaiting(Duration within) {
    return Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .atMost(within);
  }
}
