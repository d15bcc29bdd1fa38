package io.deriver.benchmarks.drain;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs that are to come. Thread-safe. */
final class Countdown {

  private static final long PATIENCE_MINUTES = 10;

  private final CountDownLatch left;

  Countdown(int runs) {
    left = new CountDownLatch(runs);
  }

  /** One has come. */
  void one() {
    left.countDown();
  }

  /** Waits for the last one. */
  void await() throws InterruptedException {
    if (!left.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      throw new IllegalStateException("%d runs have not come".formatted(left.getCount()));
    }
  }
}
