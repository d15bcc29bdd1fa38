package io.deriver.spi;

/**
 * The pool's time: a clock that only goes forward and the waiting on it, in one, so that a test can
 * own both. It decides nothing between processes; that is the store's clock. Thread-safe.
 */
public interface PoolClock {

  /** Nanoseconds since some fixed moment, as of {@link System#nanoTime}. */
  long nanoTime();

  /**
   * Waits until the signal is set or the clock has reached this time, and takes the signal back.
   * May return early.
   *
   * @param untilNanos on the scale of {@link #nanoTime}
   * @throws InterruptedException if the thread is interrupted
   */
  void await(Signal signal, long untilNanos) throws InterruptedException;

  /** The clock of the JVM. */
  static PoolClock system() {
    return new PoolClock() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public void await(Signal signal, long untilNanos) throws InterruptedException {
        signal.awaitNanos(untilNanos - System.nanoTime());
      }
    };
  }
}
