package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Backoff;
import io.deriver.PoolFixture;
import io.deriver.TestClock;
import io.deriver.spi.PoolClock;
import io.deriver.spi.Signal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Invariant 11: a duty's rest is never taken for a pass that hangs. */
class DutyTest {

  private final TestClock clock = new TestClock();
  private volatile Runnable beforeReading = () -> {};
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  @Test
  void aRestThatBeginsWhileItIsLookedAtIsNotAStuckPass() {
    Duty duty =
        new Duty(
            "test",
            "duty",
            told(),
            new Events("test", List.of()),
            Backoff.standard(),
            Duration.ofMinutes(1),
            () -> {
              assertThat(mayEnd.await(1, TimeUnit.MINUTES)).isTrue();
              return Duration.ofHours(1);
            });
    Thread pass = Threads.daemon("duty-test", duty::once);
    pass.start();
    PoolFixture.until(() -> pass.getState() == Thread.State.TIMED_WAITING);
    clock.advance(Duration.ofSeconds(1));
    assertThat(duty.passing()).isEqualTo(Duration.ofSeconds(1));

    beforeReading =
        () -> {
          beforeReading = () -> {};
          mayEnd.countDown();
          PoolFixture.until(() -> !pass.isAlive());
          clock.advance(Duration.ofHours(1));
        };

    assertThat(duty.isStuck()).isFalse();
  }

  private PoolClock told() {
    return new PoolClock() {
      @Override
      public long nanoTime() {
        beforeReading.run();
        return clock.nanoTime();
      }

      @Override
      public void await(Signal signal, long untilNanos) throws InterruptedException {
        clock.await(signal, untilNanos);
      }
    };
  }
}
