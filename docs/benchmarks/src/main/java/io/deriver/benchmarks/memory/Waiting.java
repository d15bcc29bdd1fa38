package io.deriver.benchmarks.memory;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Threads that wait until they are let go. Thread-safe. */
final class Waiting {

  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch begun;
  private final CountDownLatch letGo = new CountDownLatch(1);

  Waiting(int threads) {
    begun = new CountDownLatch(threads);
  }

  /** Is one of them. */
  void await() throws InterruptedException {
    begun.countDown();
    letGo.await();
  }

  /** Waits until all of them wait. */
  void awaitBegun() throws InterruptedException {
    if (!begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("%d threads have not begun".formatted(begun.getCount()));
    }
  }

  void letGo() {
    letGo.countDown();
  }
}
