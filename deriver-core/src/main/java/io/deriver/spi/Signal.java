package io.deriver.spi;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A wake-up for one waiting thread. Setting it is cheap, never blocks, and is remembered until it
 * is taken; setting it twice is setting it once. Thread-safe.
 */
public final class Signal {

  private final Semaphore permit = new Semaphore(0);
  private volatile @Nullable Runnable watcher;

  /** Wakes the waiting thread, or spares it its next wait. */
  public void set() {
    if (permit.availablePermits() == 0) {
      permit.release();
    }
    Runnable told = watcher;
    if (told != null) {
      told.run();
    }
  }

  /** Whether it is set and nobody has taken it yet. */
  public boolean isSet() {
    return permit.availablePermits() > 0;
  }

  /** Takes the signal back without waiting, and says whether it was set. */
  public boolean take() {
    return permit.drainPermits() > 0;
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

  /**
   * Has this called after every {@link #set()}, on the setting thread; it replaces the one before.
   * For a {@link PoolClock} that does its own waiting: it must be as quick as setting is.
   */
  public void watch(Runnable watcher) {
    this.watcher = watcher;
  }
}
