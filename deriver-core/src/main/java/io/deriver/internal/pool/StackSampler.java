package io.deriver.internal.pool;

import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes stacks of threads at a bounded rate, since each of them can stop the whole JVM for a moment
 * (2.1 s were seen for one spinning thread under the serial collector).
 */
final class StackSampler {

  private static final int BURST = 16;
  private static final long ONE_PER_NANOS = Duration.ofMillis(100).toNanos();

  private final PoolClock clock;
  private final AtomicLong paidUntil;

  StackSampler(PoolClock clock) {
    this.clock = clock;
    this.paidUntil = new AtomicLong(clock.nanoTime());
  }

  /** Where the run is, as text: its thread's stack, or why there is none. */
  String take(Run run) {
    Thread thread = run.thread();
    if (thread != null) {
      return stackOf(thread);
    }
    Thread closer = run.closer();
    if (closer != null) {
      return "  (its own thread is back; this is the side thread that closes what it registered)\n"
          + stackOf(closer);
    }
    if (run.lacksThread()) {
      return run.hasBegun()
          ? "  (no stack: its stage is complete, no thread has come to the step of its outcome yet)"
          : "  (no stack: no thread has come to it yet)";
    }
    String awaited = run.hasReturned() ? null : run.awaited();
    return awaited == null
        ? "  (no stack: its thread had just returned)"
        : "  (no stack: it holds no thread, it waits for " + awaited + ")";
  }

  /** The stack of one of the pool's own threads. */
  String stackOf(Thread thread) {
    return allowed()
        ? ErrorText.stack(thread.getStackTrace())
        : "  (no stack: more than ten a second would be taken)";
  }

  // Each stack costs a tenth of a second, on credit of a burst. Without a lock: a virtual thread of
  // the host's that asks for health and gets no carrier must hold up nobody who waits behind it.
  private boolean allowed() {
    long now = clock.nanoTime();
    while (true) {
      long until = paidUntil.get();
      long behind = Math.max(0, until - now);
      if (behind > (BURST - 1) * ONE_PER_NANOS) {
        return false;
      }
      if (paidUntil.compareAndSet(until, now + behind + ONE_PER_NANOS)) {
        return true;
      }
    }
  }
}
