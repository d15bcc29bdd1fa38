package io.deriver.internal.pool;

import io.deriver.spi.PoolClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Takes stacks of threads at a bounded rate, since each of them can stop the whole JVM for a moment
 * (2.1 s were seen for one spinning thread under the serial collector).
 */
final class StackSampler {

  private static final int BURST = 16;
  private static final Duration ONE_PER = Duration.ofMillis(100);

  private final PoolClock clock;
  private double left = BURST;
  private long refilled;

  StackSampler(PoolClock clock) {
    this.clock = clock;
    this.refilled = clock.nanoTime();
  }

  /** The thread's stack as text, or why there is none. */
  String take(@Nullable Thread thread) {
    if (thread == null) {
      return "  (no stack: the run's thread had not begun, or had just returned)";
    }
    if (!allowed()) {
      return "  (no stack: more than ten a second would be taken)";
    }
    return ErrorText.stack(thread.getStackTrace());
  }

  private synchronized boolean allowed() {
    long now = clock.nanoTime();
    left = Math.min(BURST, left + (double) (now - refilled) / ONE_PER.toNanos());
    refilled = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
