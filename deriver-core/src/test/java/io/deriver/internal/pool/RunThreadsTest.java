package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolFixture;
import io.deriver.TestClock;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Invariant 1: each run that is handed over has a thread, whatever the others do. */
class RunThreadsTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final int RUNS = 20;

  private final TestClock clock = new TestClock();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger alive = new AtomicInteger();
  private final Map<Long, Integer> worked = new ConcurrentHashMap<>();
  private final ThreadFactory daemons =
      body -> {
        made.incrementAndGet();
        alive.incrementAndGet();
        Thread thread =
            new Thread(
                () -> {
                  try {
                    body.run();
                  } finally {
                    alive.decrementAndGet();
                  }
                });
        thread.setDaemon(true);
        return thread;
      };
  private volatile CountDownLatch together = new CountDownLatch(RUNS);

  private Run run(long fence) {
    return TestRuns.run(clock, fence, limits -> {});
  }

  /** Whoever keeps a run, the host its context say, would else keep all that had its slot since. */
  @Test
  void aRunLetsGoOfItsHeir() {
    Run first = run(1);
    first.leaveSlotTo(run(2));
    RunThreads threads = new RunThreads(daemons, true, this::workAlone, Duration.ZERO);
    threads.start(first);
    PoolFixture.until(() -> worked.containsKey(2L));
    assertThat(first.heir()).isNull();
  }

  private boolean workAlone(Run run) {
    worked.merge(run.fence(), 1, Integer::sum);
    return true;
  }

  /** Each waits for all others: none can be worked behind another. */
  private boolean workTogether(Run run) {
    together.countDown();
    try {
      together.await();
    } catch (InterruptedException stray) {
      return false;
    }
    return workAlone(run);
  }

  private void startTogether(RunThreads threads, long first) {
    together = new CountDownLatch(RUNS);
    for (long fence = first; fence < first + RUNS; fence++) {
      threads.start(run(fence));
    }
    PoolFixture.until(() -> worked.size() == first - 1 + RUNS);
  }

  @Test
  void idleThreadsTakeARunEach() {
    RunThreads threads = new RunThreads(daemons, true, this::workTogether, LONG);
    startTogether(threads, 1);
    assertThat(made).hasValue(RUNS);
    for (int again = 1; again <= 50; again++) {
      PoolFixture.until(() -> threads.idle() == RUNS);
      startTogether(threads, 1 + (long) again * RUNS);
    }
    assertThat(made).as("idle threads are enough").hasValue(RUNS);
    assertThat(worked.values()).containsOnly(1);
    threads.stop();
  }

  @Test
  void unlessIdleEachHasAThreadOfItsOwn() {
    RunThreads threads = new RunThreads(daemons, false, this::workTogether, LONG);
    startTogether(threads, 1);
    startTogether(threads, 1L + RUNS);
    assertThat(made).hasValue(2 * RUNS);
    PoolFixture.until(() -> alive.get() == 0);
  }

  /** Its payload may be large, and the thread may live as long as the process. */
  @Test
  void aThreadDoesNotKeepTheRunThatItBeganWith() {
    RunThreads threads = new RunThreads(daemons, true, this::workAlone, LONG);
    Run first = run(1);
    WeakReference<Run> kept = new WeakReference<>(first);
    threads.start(first);
    first = null;
    PoolFixture.until(() -> threads.idle() == 1);
    threads.start(run(2));
    PoolFixture.until(() -> worked.size() == 2 && threads.idle() == 1);
    PoolFixture.until(
        () -> {
          System.gc();
          return kept.refersTo(null);
        });
    assertThat(alive).as("its thread is still there").hasValue(1);
    threads.stop();
  }

  @Test
  void oneThatIsNotCleanWorksNoMore() {
    RunThreads threads =
        new RunThreads(
            daemons,
            true,
            run -> {
              worked.merge(run.fence(), 1, Integer::sum);
              return false;
            },
            LONG);
    threads.start(run(1));
    PoolFixture.until(() -> alive.get() == 0);
    threads.start(run(2));
    PoolFixture.until(() -> worked.size() == 2);
    assertThat(made).hasValue(2);
  }

  @Test
  void idleOnesEndAndNoRunIsLostToOneThatDoes() {
    RunThreads threads = new RunThreads(daemons, true, this::workAlone, Duration.ofNanos(1));
    int runs = 20_000;
    for (long fence = 1; fence <= runs; fence++) {
      threads.start(run(fence));
    }
    PoolFixture.until(() -> worked.size() == runs);
    assertThat(worked.values()).as("each once").containsOnly(1);
    PoolFixture.until(() -> alive.get() == 0);
    assertThat(threads.idle()).isZero();
  }
}
