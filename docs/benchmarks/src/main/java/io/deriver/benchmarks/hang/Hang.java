package io.deriver.benchmarks.hang;

import io.deriver.Outcome;
import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import io.deriver.Processor;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.benchmarks.measure.Times;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Runs whose first attempts hang, deaf to interrupts, until they are let go. Thread-safe. */
final class Hang implements Processor<String>, PoolListener {

  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch begun;
  private final AtomicLong lastBegun = new AtomicLong(Long.MIN_VALUE);
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final BlockingQueue<Duration> ended = new LinkedBlockingQueue<>();

  Hang(int runs) {
    begun = new CountDownLatch(runs);
  }

  @Override
  public Outcome process(WorkUnit<String> unit, RunContext run) {
    if (run.attempt() == 1) {
      lastBegun.accumulateAndGet(System.nanoTime(), Math::max);
      begun.countDown();
      hang();
    }
    return Outcome.done();
  }

  private void hang() {
    while (letGo.getCount() > 0) {
      try {
        letGo.await();
      } catch (InterruptedException e) {
        // This is the hang: it takes no notice.
      }
    }
  }

  @Override
  public void onEvent(PoolEvent event) {
    if (event instanceof PoolEvent.RunTimedOut timedOut && timedOut.attempt() == 1) {
      ended.add(timedOut.after());
    }
  }

  /** Waits until all hang; the answer is {@link System#nanoTime()} of the last one's begin. */
  long awaitBegun() throws InterruptedException {
    if (!begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("%d runs have not begun".formatted(begun.getCount()));
    }
    return lastBegun.get();
  }

  /** By how much so many runs were over their limit when it ended them. */
  Times late(int runs, Duration limit) throws InterruptedException {
    Times late = new Times();
    for (int run = 0; run < runs; run++) {
      Duration age = ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (age == null) {
        throw new IllegalStateException("only %d of %d runs timed out".formatted(run, runs));
      }
      late.add(age.minus(limit).toNanos());
    }
    return late;
  }

  void letGo() {
    letGo.countDown();
  }
}
