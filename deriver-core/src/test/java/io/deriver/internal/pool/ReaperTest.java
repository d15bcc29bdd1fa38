package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Backoff;
import io.deriver.FakeStore;
import io.deriver.TestClock;
import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Invariant 2: the one condition before the reaper, and no other. */
class ReaperTest {

  private static final Duration REAP = Duration.ofSeconds(10);
  private static final Duration RENEW = Duration.ofSeconds(2);

  private final FakeStore store = new FakeStore();
  private final Reaper reaper =
      new Reaper(store, REAP, RENEW, new Events("test", List.of()), () -> {});

  @Test
  void reapsAtOnceAndThenEveryInterval() {
    assertThat(reaper.run()).isEqualTo(REAP);
    assertThat(reaper.run()).isEqualTo(REAP);
    assertThat(store.reaps).hasValue(2);
  }

  @Test
  void afterAnOutageItLeavesClaimsAloneForOneRenewalInterval() {
    store.onReap = ReaperTest::down;
    store.onProbe = ReaperTest::down;
    assertThatThrownBy(reaper::run).isInstanceOf(StoreException.class);
    assertThatThrownBy(reaper::run).isInstanceOf(StoreException.class);
    store.onReap = () -> {};
    store.onProbe = () -> {};
    assertThat(reaper.run()).as("the store is back, its owners renew first").isEqualTo(RENEW);
    assertThat(store.reaps).as("not reaped yet").hasValue(1);
    assertThat(reaper.run()).isEqualTo(REAP);
    assertThat(store.reaps).hasValue(2);
  }

  @Test
  void whatFailsTimeAndAgainIsNotSaidToWorkAgainBecauseTheStoreAnswersAProbe() {
    Duty duty =
        new Duty(
            "test",
            "reaper",
            new TestClock(),
            new Events("test", List.of()),
            Backoff.standard(),
            Duration.ofMinutes(1),
            reaper);
    store.onReap = ReaperTest::down;
    for (int i = 1; i <= 3; i++) {
      duty.once();
      assertThat(duty.failures()).isEqualTo(i);
      assertThat(duty.once()).as("the probe passes").isEqualTo(RENEW);
      assertThat(duty.failures()).isEqualTo(i);
    }
    store.onReap = () -> {};
    assertThat(duty.once()).isEqualTo(REAP);
    assertThat(duty.failures()).isZero();
  }

  private static void down() {
    throw new StoreException("down", null);
  }
}
