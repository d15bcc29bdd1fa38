package io.deriver.spi;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A wake-up for one waiting thread. Setting it is cheap, never blocks, and is remembered until it
 * is taken; setting it twice is setting it once. Thread-safe.
 */
public final class Signal {

  private final Semaphore permit = new Semaphore(0);

  /** Wakes the waiting thread, or spares it its next wait. */
  public void set() {
    if (permit.availablePermits() == 0) {
      permit.release();
    }
  }

  /**
   * Waits until the signal is set or so many nanoseconds have passed, and takes the signal back.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  public void awaitNanos(long nanos) throws InterruptedException {
    if (permit.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      permit.drainPermits();
    }
  }
}
