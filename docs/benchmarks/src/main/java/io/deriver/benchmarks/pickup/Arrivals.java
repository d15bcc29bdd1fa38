package io.deriver.benchmarks.pickup;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Moments at which something was heard, handed from thread to thread. Thread-safe. */
final class Arrivals {

  private static final long PATIENCE_SECONDS = 60;

  private final BlockingQueue<Long> moments = new LinkedBlockingQueue<>();

  /** It is now. */
  void now() {
    moments.add(System.nanoTime());
  }

  /** Takes the oldest, waiting for it. */
  long take() throws InterruptedException {
    Long moment = moments.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (moment == null) {
      throw new IllegalStateException(
          "nobody heard of the item within %d seconds".formatted(PATIENCE_SECONDS));
    }
    return moment;
  }
}
