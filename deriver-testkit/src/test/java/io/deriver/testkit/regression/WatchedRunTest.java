package io.deriver.testkit.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Outcome;
import io.deriver.RunContext.Registration;
import io.deriver.testkit.pool.TestRun;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that what freed a thread is told apart. */
@Timeout(60)
class WatchedRunTest {

  private final TestRun run = new TestRun();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);

  /** What a processor does on its thread. */
  @FunctionalInterface
  private interface Body {
    void of(WatchedRun watched) throws Exception;
  }

  @Test
  void aCallThatEndsBeforeAnyLimitLetsGoByItself() throws Exception {
    WatchedRun watched = play(each -> {}, thread -> {});

    assertThat(freed(watched)).isEqualTo(Freed.BY_ITSELF);
    assertThat(watched.saidDone()).isTrue();
  }

  @Test
  void anInterruptIsToldFromTheCloseThatFollows() throws Exception {
    Body waits =
        each -> {
          each.onCancel(open::countDown);
          begun.countDown();
          open.await();
        };

    assertThat(freed(play(waits, this::interruptAndClose))).isEqualTo(Freed.BY_INTERRUPT);
  }

  @Test
  void aCloseFreesWhatHeedsNoInterrupt() throws Exception {
    Body deaf =
        each -> {
          each.onCancel(open::countDown);
          begun.countDown();
          parkUntilOpen();
        };
    WatchedRun watched = play(deaf, this::interruptAndClose);

    assertThat(freed(watched)).isEqualTo(Freed.BY_CLOSE);
    assertThat(watched.registered()).isEqualTo(1);
    assertThat(watched.saidDone()).isFalse();
  }

  @Test
  void whatWasTakenBackIsRegisteredNoMore() {
    WatchedRun watched = new WatchedRun("a", run);
    Registration first = watched.onCancel(() -> {});
    Registration second = watched.onCancel(() -> {});
    assertThat(watched.registered()).isEqualTo(2);

    first.close();
    first.close();

    assertThat(watched.registered()).isEqualTo(1);
    assertThat(run.registered()).isEqualTo(1);
    second.close();
    assertThat(watched.registered()).isZero();
  }

  @Test
  void whoLooksAtItsRunIsFreedByThat() throws Exception {
    Body looks =
        each -> {
          begun.countDown();
          while (!each.isCancelled()) {
            Thread.onSpinWait();
          }
        };

    assertThat(freed(play(looks, thread -> run.cancel()))).isEqualTo(Freed.BY_CHECK);
  }

  @Test
  void whoIsNotBackIsAbandoned() {
    assertThat(new WatchedRun("a", run).freed(System.nanoTime(), false)).isEqualTo(Freed.ABANDONED);
  }

  @Test
  void whoComesBackLongAfterTheLimitComesBackLate() {
    WatchedRun watched = new WatchedRun("a", run);
    run.cancel();
    watched.isLeft(null);

    assertThat(watched.freed(watched.returnedAt() - Duration.ofSeconds(2).toNanos(), false))
        .isEqualTo(Freed.LATE);
  }

  private static Freed freed(WatchedRun watched) {
    return watched.freed(watched.returnedAt(), false);
  }

  private WatchedRun play(Body body, Consumer<Thread> limit) throws Exception {
    AtomicReference<@Nullable WatchedRun> watched = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              WatchedRun mine = new WatchedRun("a", run);
              watched.set(mine);
              @Nullable Outcome outcome = null;
              try {
                body.of(mine);
                outcome = Outcome.done();
              } catch (Exception e) {
                // A failure, as far as the pool is concerned.
              } finally {
                begun.countDown();
                mine.isLeft(outcome);
              }
            });
    thread.setDaemon(true);
    thread.start();
    begun.await();
    if (thread.isAlive()) {
      limit.accept(thread);
    }
    thread.join();
    return Objects.requireNonNull(watched.get());
  }

  private void interruptAndClose(Thread thread) {
    run.onCancel(thread::interrupt); // the newest, and so the first, as a pool's interrupt is
    run.cancel();
  }

  private void parkUntilOpen() {
    while (open.getCount() > 0) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}
