package io.deriver.internal.pool;

import io.deriver.Gate;
import io.deriver.Outcome;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A run is behind its gate: who must be told once that it has left. Thread-safe. */
final class GatePass {

  private final Gate gate;
  private final PoolClock clock;
  private final long entered;
  private final AtomicBoolean left = new AtomicBoolean();

  GatePass(Gate gate, PoolClock clock) {
    this.gate = gate;
    this.clock = clock;
    this.entered = clock.nanoTime();
  }

  /** The run's processor has come to this. Calls host code. */
  static void leave(Run run, @Nullable Outcome outcome, @Nullable Throwable error) {
    GatePass pass = run.gatePass();
    if (pass != null) {
      boolean again = outcome instanceof Outcome.RetryAfter || outcome instanceof Outcome.Release;
      pass.leave(outcome == null || again ? Gate.Exit.FAILED : Gate.Exit.DONE, error);
    }
  }

  /** Tells the gate, if nobody has. Calls host code. */
  void leave(Gate.Exit how, @Nullable Throwable error) {
    if (left.compareAndSet(false, true)) {
      try {
        gate.left(how, Duration.ofNanos(clock.nanoTime() - entered), error);
      } catch (Throwable dropped) {
        // What a gate does with what it is told must not change what becomes of the unit.
      }
    }
  }
}
