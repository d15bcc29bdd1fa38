package io.deriver.testkit.pool;

import io.deriver.spi.PoolClock;
import io.deriver.spi.Signal;

/**
 * A clock that stands still until it is let go and is the JVM's from then on: so that no limit ends
 * a run that is still on its way into its hang, however slow the machine.
 */
final class HeldClock implements PoolClock {

  private static final long RUNS = Long.MIN_VALUE;

  private volatile long heldAt = System.nanoTime();
  private volatile long lag;

  @Override
  public long nanoTime() {
    long held = heldAt;
    return held == RUNS ? System.nanoTime() - lag : held;
  }

  @Override
  public void await(Signal signal, long untilNanos) throws InterruptedException {
    signal.awaitNanos(untilNanos - nanoTime());
  }

  void letGo() {
    lag = System.nanoTime() - heldAt;
    heldAt = RUNS;
  }
}
