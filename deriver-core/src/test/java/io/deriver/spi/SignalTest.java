package io.deriver.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Guards that a signal is remembered until taken, and that one who watches hears of each. */
class SignalTest {

  private static final long LONG = TimeUnit.MINUTES.toNanos(1);

  private final Signal signal = new Signal();

  @Test
  void aSignalSetBeforeTheWaitSparesIt() throws InterruptedException {
    signal.set();

    long before = System.nanoTime();
    signal.awaitNanos(LONG);

    assertThat(System.nanoTime() - before).isLessThan(LONG);
    assertThat(signal.isSet()).isFalse();
  }

  @Test
  void settingTwiceIsSettingOnce() {
    signal.set();
    signal.set();

    assertThat(signal.take()).isTrue();
    assertThat(signal.take()).isFalse();
  }

  @Test
  void whoeverWatchesHearsOfEachAfterItIsSet() {
    AtomicInteger heardSet = new AtomicInteger();
    signal.watch(
        () -> {
          if (signal.isSet()) {
            heardSet.incrementAndGet();
          }
        });

    signal.set();
    signal.set();

    assertThat(heardSet).hasValue(2);
  }
}
