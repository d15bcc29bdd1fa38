package io.deriver.internal.pool;

import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Lets a burst gather: who asked the store for many and could at once ask for a few more waits a
 * moment, in which many may come of them. Real time, whatever the pool's clock says, and too short
 * to matter to any run; work that comes singly is never waited for. Confined to one thread.
 */
final class Burst {

  private static final long BREATH_NANOS = 500_000;
  private static final int MANY = 8;

  private final Runnable breathe;
  private int last;

  Burst() {
    this(() -> LockSupport.parkNanos(BREATH_NANOS));
  }

  Burst(Runnable breathe) {
    this.breathe = breathe;
  }

  /** How many there are; asked twice when they are some, but less than half of many. */
  int gathered(IntSupplier ready) {
    int now = ready.getAsInt();
    if (now <= 0 || last < MANY || now >= last - now) {
      return now;
    }
    breathe.run();
    return ready.getAsInt();
  }

  /** So many were asked for just now; 0 before a rest. */
  void was(int many) {
    last = many;
  }
}
