package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolFixture;
import io.deriver.TestClock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Invariant 1: a thread works another run only if it is clean, and ends with the pool. */
@Timeout(60)
class ThreadReuseTest {

  private final TestClock clock = new TestClock();
  private final List<Thread> worked = new CopyOnWriteArrayList<>();
  private final InheritableThreadLocal<String> mine = new InheritableThreadLocal<>();
  private final List<String> inherited = new CopyOnWriteArrayList<>();
  private volatile boolean clean = true;
  private final RunThreads threads = threads(true);

  private RunThreads threads(boolean reuse) {
    return new RunThreads(
        Threads.platform("deriver-test-run-"),
        reuse,
        run -> {
          String value = mine.get();
          if (value != null) {
            inherited.add(value);
          }
          worked.add(Thread.currentThread());
          return clean;
        });
  }

  @AfterEach
  void stop() {
    mine.remove();
    threads.stop();
    worked.forEach(Thread::interrupt);
  }

  /** Has another run worked, and waits until its thread has ended or rests. */
  private Thread work(RunThreads by) {
    int before = worked.size();
    by.start(TestRuns.run(clock, limits -> {}));
    PoolFixture.until(() -> worked.size() > before);
    Thread thread = worked.get(before);
    PoolFixture.until(() -> !thread.isAlive() || thread.getState() == Thread.State.TIMED_WAITING);
    return thread;
  }

  @Test
  void aCleanThreadIsUsedAgain() {
    mine.set("of the thread that starts it");
    Thread first = work(threads);
    assertThat(first.getName()).isEqualTo("deriver-test-run-1");
    assertThat(first.isDaemon()).as("keeps no JVM alive").isTrue();
    assertThat(work(threads)).isSameAs(first);
    assertThat(inherited).isEmpty();
  }

  @Test
  void oneThatIsNotCleanEndsWithItsRun() {
    clean = false;
    Thread first = work(threads);
    assertThat(first.isAlive()).isFalse();
    Thread second = work(threads);
    assertThat(second).isNotSameAs(first);
    assertThat(second.getName()).isEqualTo("deriver-test-run-2");
  }

  @Test
  void whereNoneIsUsedAgainEachRunHasItsOwn() {
    RunThreads each = threads(false);
    Thread first = work(each);
    assertThat(first.isAlive()).isFalse();
    assertThat(work(each)).isNotSameAs(first);
  }

  @Test
  void onceThePoolIsClosedNoThreadWaitsForMore() {
    threads.stop();
    assertThat(work(threads).isAlive()).isFalse();
  }

  @Test
  void aStrayInterruptEndsAThreadThatRests() {
    Thread first = work(threads);
    first.interrupt();
    PoolFixture.until(() -> !first.isAlive());
    assertThat(work(threads)).isNotSameAs(first);
  }
}
