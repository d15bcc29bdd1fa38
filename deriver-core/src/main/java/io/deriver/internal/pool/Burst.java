package io.deriver.internal.pool;

import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Lets a burst gather: a call of the store costs much for itself, and little for each that it is
 * for. Who asked for several lately and could at once ask for a few waits for moments, {@value
 * #BREATHS} at most, for as long as each brings more. Real time, whatever the pool's clock says,
 * and too short to matter to any run; work that comes singly is never waited for. Confined to one
 * thread.
 */
final class Burst {

  static final int BREATHS = 5;
  private static final long BREATH_NANOS = 50_000;
  private static final int SEVERAL = 4;

  private final Runnable breathe;
  private int lately;

  Burst() {
    this(() -> LockSupport.parkNanos(BREATH_NANOS));
  }

  Burst(Runnable breathe) {
    this.breathe = breathe;
  }

  /**
   * How many there are.
   *
   * @param most with so many there is nothing to wait for
   */
  int gathered(IntSupplier ready, int most) {
    int now = ready.getAsInt();
    int before = 0;
    for (int breath = 0; lately >= SEVERAL && breath < BREATHS; breath++) {
      if (now <= before || now >= most) {
        break;
      }
      before = now;
      breathe.run();
      now = ready.getAsInt();
    }
    return now;
  }

  /**
   * So many were asked for just now. A burst of which the first was asked for alone is one still,
   * or else it would stay in two parts, each of which ends while the other is asked for.
   */
  void was(int many) {
    lately = Math.max(many, lately / 2);
  }
}
