package io.deriver.internal.pool;

import io.deriver.Gate;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Brings runs through the gates of their types, and keeps what a gate turns away from coming. */
final class Gates {

  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration BROKEN = Duration.ofSeconds(10);

  private final PoolClock clock;
  private final TypePauses pauses;
  private final Set<String> closed = ConcurrentHashMap.newKeySet();

  Gates(PoolClock clock, TypePauses pauses) {
    this.clock = clock;
    this.pauses = pauses;
  }

  /**
   * Asks the gate of the run's type, if there is one. Calls host code, so on the run's thread.
   *
   * @return null if the run is let in, else why not
   */
  @Nullable String refusal(Run run) {
    Gate gate = run.served().limits().gate().orElse(null);
    if (gate == null) {
      return null;
    }
    Duration wait;
    String why;
    try {
      wait = gate.enter();
      why =
          wait == null || wait.isNegative() || wait.compareTo(LONGEST) > 0
              ? "its gate answered %s; it must answer between PT0S and %s".formatted(wait, LONGEST)
              : null;
    } catch (Throwable broken) {
      wait = null;
      why = "its gate failed: " + ErrorText.brief(broken);
    }
    String type = run.id().type();
    if (why == null && wait != null && wait.isZero()) {
      closed.remove(type);
      GatePass pass = new GatePass(gate, clock);
      run.passed(pass);
      run.onCancel(() -> pass.leave(Gate.Exit.ENDED_BY_FORCE, null));
      return null;
    }
    closed.add(type);
    String reason = why == null ? "its gate is closed" : why;
    pauses.pause(type, why == null && wait != null ? wait : BROKEN, reason);
    return reason;
  }

  /** Whether the last unit that came to the gate of this type was turned away. */
  boolean isClosed(String type) {
    return closed.contains(type);
  }
}
