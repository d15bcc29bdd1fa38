package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Invariant 1: whoever comes first ends a run, and nobody else does. The race: the processor
 * returns, its limit passes, its lease is lost and the pool drains, all at once; each run must have
 * one winner, give its slot back once, and owe one outcome.
 */
class RunRaceTest {

  private static final int RUNS = 20_000;

  @Test
  void oneEndAndOneSlotBackForEachRun() throws Exception {
    PoolClock clock = PoolClock.system();
    Events events = new Events("race", List.of());
    Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
    AbandonedRuns abandoned = new AbandonedRuns(RUNS, clock, events, outcomes, () -> {});
    AtomicInteger freed = new AtomicInteger();
    AtomicInteger cancelled = new AtomicInteger();
    Runs runs =
        new Runs(
            outcomes,
            abandoned,
            run -> {
              if (run.beginCancelling()) {
                cancelled.incrementAndGet();
              }
            },
            freed::incrementAndGet);
    List<Run> all = new ArrayList<>();
    for (int i = 1; i <= RUNS; i++) {
      Run run = TestRuns.run(clock, i, l -> {});
      all.add(run);
      runs.add(run);
    }
    List<RunEnd> ends =
        List.of(
            new RunEnd.ByItself(),
            new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, Duration.ofSeconds(1)),
            new RunEnd.Stopped(RunEnd.Reason.LEASE_LOST),
            new RunEnd.Stopped(RunEnd.Reason.DRAINED));
    AtomicInteger won = new AtomicInteger();
    AtomicInteger byItself = new AtomicInteger();
    CyclicBarrier barrier = new CyclicBarrier(ends.size());
    List<Thread> threads = new ArrayList<>();
    for (RunEnd end : ends) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < RUNS; i++) {
                  if (i % 500 == 0) {
                    meet(barrier);
                  }
                  if (runs.end(all.get(i), end)) {
                    won.incrementAndGet();
                    byItself.addAndGet(end instanceof RunEnd.ByItself ? 1 : 0);
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(won).hasValue(RUNS);
    assertThat(freed).hasValue(RUNS);
    assertThat(cancelled).hasValue(RUNS - byItself.get());
    assertThat(abandoned.count()).isEqualTo(RUNS - byItself.get());
    assertThat(outcomes.unwritten()).isEqualTo(RUNS);
    assertThat(runs.size()).isZero();
    assertThat(byItself.get()).as("both kinds of end must have been seen").isBetween(1, RUNS - 1);
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
