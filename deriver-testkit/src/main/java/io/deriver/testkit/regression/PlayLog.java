package io.deriver.testkit.regression;

import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import io.deriver.testkit.pool.UnitEnd;
import io.deriver.testkit.pool.UnitEnds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What happens in a play, and waiting for it. Thread-safe; its monitor guards the lists. */
final class PlayLog implements PoolListener {

  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(20).toNanos();

  private final UnitEnds ends = new UnitEnds();
  private final List<WatchedRun> runs = new ArrayList<>();
  private final Map<Long, Forced> forced = new HashMap<>();
  private final Set<Long> comesAgain = new HashSet<>();

  /**
   * How a run was ended by force.
   *
   * @param by the limit's name, or a reason
   */
  record Forced(String by, long atNanos) {}

  synchronized void begin(WatchedRun run) {
    runs.add(run);
    notifyAll();
  }

  synchronized void changed() {
    notifyAll();
  }

  @Override
  public synchronized void onEvent(PoolEvent event) {
    ends.onEvent(event);
    long now = System.nanoTime();
    if (event instanceof PoolEvent.RunTimedOut e) {
      long at = beganAt(e.claim().fence(), now - e.after().toNanos()) + e.after().toNanos();
      forced.put(e.claim().fence(), new Forced(e.limit(), at));
    } else if (event instanceof PoolEvent.RunCancelled e) {
      forced.put(e.claim().fence(), new Forced(e.reason(), now));
    } else if (event instanceof PoolEvent.UnitSplit e && e.done() + e.deadLettered() == 0) {
      comesAgain.add(e.claim().fence());
    }
    notifyAll();
  }

  private long beganAt(long fence, long otherwise) {
    return runs.stream()
        .filter(run -> run.fence() == fence)
        .findFirst()
        .map(WatchedRun::beganAt)
        .orElse(otherwise);
  }

  /** All runs that have begun, the oldest first. */
  synchronized List<WatchedRun> runs() {
    return List.copyOf(runs);
  }

  /** How the run was ended by force, if it was. */
  synchronized Optional<Forced> forced(WatchedRun run) {
    return Optional.ofNullable(forced.get(run.fence()));
  }

  /** Whether its slot is free again. */
  boolean isOver(WatchedRun run) {
    return run.endedByItself() || forced(run).isPresent();
  }

  /** How the key's unit, which is of one item, ended, if it is over. */
  synchronized Optional<UnitEnd> over(String key) {
    return ends.all().stream()
        .filter(end -> end.key().equals(key) && end.kind().isFinal())
        .filter(end -> !comesAgain.contains(end.claim().fence()))
        .findFirst();
  }

  /** Whether the key's unit is done, be it item by item. */
  boolean isDone(String key) {
    return over(key).filter(PlayLog::isDone).isPresent();
  }

  static boolean isDone(UnitEnd end) {
    return end.kind() == UnitEnd.Kind.COMPLETED
        || (end.kind() == UnitEnd.Kind.SPLIT && end.cause().isEmpty());
  }

  /** The last end of a claim of this key, if one has ended. */
  Optional<UnitEnd> last(String key) {
    return ends.all().stream().filter(end -> end.key().equals(key)).reduce((a, b) -> b);
  }

  /** Waits for something that this log hears of; says whether it came in time. */
  synchronized boolean await(BooleanSupplier condition, Duration within)
      throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.min(Math.max(left, 1_000_000), LOOK_AGAIN_NANOS));
    }
    return true;
  }
}
