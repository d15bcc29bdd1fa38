package io.deriver.benchmarks.hangs;

import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.benchmarks.measure.Payloads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls that take a fixed time, and calls that hang until they are let go. Each attempt has its
 * tenth of hanging ones: of the first attempts those whose number 10 divides, of the second those
 * whose number 100 divides, and so on. Thread-safe.
 */
final class Calls implements Processor<String> {

  private static final Duration TIME = Duration.ofMillis(20);
  private static final int ONE_IN = 10;
  private static final long PATIENCE_MINUTES = 10;

  private final Hanging hanging;
  private final HungCalls hung = new HungCalls(this::now);
  private final AtomicInteger healthy = new AtomicInteger();
  private final CountDownLatch healthyAtFirst;
  private final CountDownLatch letGo = new CountDownLatch(1);

  /** Which calls hang, and how. */
  enum Hanging {
    NONE,
    HEEDS_INTERRUPTS,
    DEAF
  }

  Calls(Hanging hanging, int items) {
    this.hanging = hanging;
    int hangAtFirst = hanging == Hanging.NONE ? 0 : (items + ONE_IN - 1) / ONE_IN;
    healthyAtFirst = new CountDownLatch(items - hangAtFirst);
  }

  /** Whether the item of this number hangs at this attempt; the first is 1. */
  static boolean hangs(int number, int attempt) {
    return number % Math.pow(ONE_IN, attempt) == 0;
  }

  @Override
  public Outcome process(WorkUnit<String> unit, RunContext run) throws InterruptedException {
    int number = Payloads.number(unit.payloads().get(0));
    if (hanging != Hanging.NONE && hangs(number, run.attempt())) {
      hung.begins(unit.key(), run.attempt());
      hang();
    }
    take(System.nanoTime() + TIME.toNanos());
    healthy.incrementAndGet();
    if (hanging == Hanging.NONE || !hangs(number, 1)) {
      healthyAtFirst.countDown();
    }
    return Outcome.done();
  }

  // This is the work, and takes its time whatever happens.
  private static void take(long until) {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void hang() throws InterruptedException {
    while (letGo.getCount() > 0) {
      try {
        letGo.await();
      } catch (InterruptedException e) {
        if (hanging == Hanging.HEEDS_INTERRUPTS) {
          throw e;
        }
        // Deaf: it takes no notice.
      }
    }
  }

  /** Those of them that hang. */
  HungCalls hung() {
    return hung;
  }

  /** What is to be seen now. */
  Seen now() {
    return new Seen(System.nanoTime(), healthy.get());
  }

  /** Waits until all items that never hang are done. */
  Seen awaitHealthy() throws InterruptedException {
    if (!healthyAtFirst.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      throw new IllegalStateException("%d items are not done".formatted(healthyAtFirst.getCount()));
    }
    return now();
  }

  void letGo() {
    letGo.countDown();
  }
}
