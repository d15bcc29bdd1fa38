package io.deriver.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deriver.spi.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that nobody who waits on the clock wakes but by time, signal or interrupt. */
@Timeout(60)
class ManualPoolClockTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualPoolClock clock = new ManualPoolClock(Instant.EPOCH);
  private final Signal signal = new Signal();

  @Test
  void timeStandsStillUntilItIsAdvanced() {
    long before = clock.nanoTime();

    clock.advance(SECOND);

    assertThat(clock.nanoTime() - before).isEqualTo(SECOND.toNanos());
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plusSeconds(1));
  }

  @Test
  void whoseMomentHasComeIsNotWaitedForThoughItHasNotLeftYet() throws Exception {
    for (int i = 0; i < 50; i++) {
      var unused = waitFor(new Signal(), SECOND);
    }
    var last = waitFor(signal, SECOND.multipliedBy(10));
    clock.awaitWaiting(51);

    clock.advance(SECOND.multipliedBy(2));

    assertThat(clock.untilNextWake()).contains(SECOND.multipliedBy(8));
    clock.advance(SECOND.multipliedBy(8));
    last.get(30, TimeUnit.SECONDS);
  }

  @Test
  void aThreadWakesWhenItsMomentComesAndNotBefore() throws Exception {
    CompletableFuture<Void> waiting = waitFor(signal, SECOND);
    clock.awaitWaiting(1);

    clock.advance(SECOND.minusNanos(1));
    assertThat(clock.waiting()).isEqualTo(1);
    assertThat(clock.untilNextWake()).contains(Duration.ofNanos(1));
    assertThat(waiting).isNotDone();

    clock.advance(Duration.ofNanos(1));
    assertThat(clock.waiting()).isZero();
    waiting.get(30, TimeUnit.SECONDS);
  }

  @Test
  void aThreadWakesByItsSignalAndTakesItBack() throws Exception {
    CompletableFuture<Void> waiting = waitFor(signal, SECOND);
    clock.awaitWaiting(1);

    signal.set();

    assertThat(clock.waiting()).as("from the very moment of the signal").isZero();
    waiting.get(30, TimeUnit.SECONDS);
    assertThat(signal.isSet()).isFalse();
  }

  @Test
  void aSignalSetBeforeSparesTheWait() throws Exception {
    signal.set();

    clock.await(signal, clock.nanoTime() + SECOND.toNanos());

    assertThat(signal.isSet()).isFalse();
  }

  @Test
  void aMomentInThePastSparesTheWait() throws Exception {
    clock.advance(SECOND);

    clock.await(signal, 0);

    assertThat(clock.waiting()).isZero();
  }

  @Test
  void eachThreadHasItsOwnMoment() throws Exception {
    CompletableFuture<Void> soon = waitFor(signal, SECOND);
    CompletableFuture<Void> late = waitFor(new Signal(), SECOND.multipliedBy(2));
    clock.awaitWaiting(2);

    clock.advance(SECOND);

    soon.get(30, TimeUnit.SECONDS);
    assertThat(late).isNotDone();
    assertThat(clock.waiting()).isEqualTo(1);
    clock.advance(SECOND);
    late.get(30, TimeUnit.SECONDS);
  }

  @Test
  void aThreadThatLoopsIsFoundWaitingAgainAfterEachStep() throws Exception {
    int steps = 1_000;
    CompletableFuture<Integer> ticks =
        CompletableFuture.supplyAsync(
            () -> {
              int count = 0;
              for (; count < steps; count++) {
                waitHere(signal, SECOND);
              }
              return count;
            },
            ManualPoolClockTest::onAThreadOfItsOwn);
    for (int step = 0; step < steps; step++) {
      clock.awaitWaiting(1);
      if (step % 2 == 0) {
        clock.advance(SECOND);
      } else {
        signal.set();
      }
    }

    assertThat(ticks.get(30, TimeUnit.SECONDS)).isEqualTo(steps);
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                clock.await(signal, clock.nanoTime() + SECOND.toNanos());
                ended.completeExceptionally(new AssertionError("not interrupted"));
              } catch (InterruptedException e) {
                ended.complete(null);
              }
            });
    thread.start();
    clock.awaitWaiting(1);

    thread.interrupt();

    ended.get(30, TimeUnit.SECONDS);
    await().untilAsserted(() -> assertThat(clock.waiting()).isZero());
  }

  @Test
  void whoExpectsMoreThreadsThanWaitIsToldHowManyDo() {
    assertThatThrownBy(() -> clock.awaitWaiting(3, Duration.ofMillis(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("0 threads wait on the clock after PT0.001S; 3 were expected");
  }

  @Test
  void timeDoesNotGoBack() {
    assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("by is PT-0.000000001S");
  }

  private CompletableFuture<Void> waitFor(Signal signal, Duration time) {
    return CompletableFuture.runAsync(
        () -> waitHere(signal, time), ManualPoolClockTest::onAThreadOfItsOwn);
  }

  private static void onAThreadOfItsOwn(Runnable work) {
    new Thread(work, "waits on the clock").start();
  }

  private void waitHere(Signal signal, Duration time) {
    try {
      clock.await(signal, clock.nanoTime() + time.toNanos());
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }
}
