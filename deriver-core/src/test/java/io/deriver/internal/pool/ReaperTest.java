package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Backoff;
import io.deriver.FakeStore;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ReapReport;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.ReapReport.Reason;
import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invariant 2: the one condition before the reaper, and no other. */
class ReaperTest {

  private static final Duration REAP = Duration.ofSeconds(10);
  private static final Duration RENEW = Duration.ofSeconds(2);

  private final FakeStore store = new FakeStore();
  private final Reaper reaper =
      new Reaper(store, REAP, RENEW, new Events("test", List.of()), () -> {});
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final AtomicInteger woken = new AtomicInteger();
  private final Reaper telling = new Reaper(store, REAP, RENEW, events, woken::incrementAndGet);

  @BeforeEach
  void start() {
    events.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    events.stop(Duration.ofSeconds(5));
  }

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

  private static ReapReport reaped(String... keys) {
    return new ReapReport(
        Stream.of(keys)
            .map(key -> new ClaimId("test", key, 1, "node-2"))
            .map(id -> new Reaped(id, Reason.GUARD_PASSED, false))
            .toList(),
        false,
        List.of());
  }

  private static ReapReport unserved(String... types) {
    return new ReapReport(List.of(), false, List.of(types));
  }

  private <E extends PoolEvent> List<E> told(Class<E> kind) throws InterruptedException {
    events.stop(Duration.ofSeconds(5));
    return told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void whatItReapsIsToldAndLookedFor() throws Exception {
    telling.run();
    assertThat(woken).hasValue(0);
    store.nextReap = reaped("a", "b");
    assertThat(telling.run()).isEqualTo(REAP);
    assertThat(woken).hasValue(1);
    assertThat(told(PoolEvent.ClaimReaped.class))
        .hasSize(2)
        .allSatisfy(event -> assertThat(event.reason()).isEqualTo("its guard has passed"))
        .extracting(event -> event.claim().key())
        .containsExactly("a", "b");
  }

  @Test
  void whereThereIsMoreItGoesOnAtOnce() {
    store.nextReap = new ReapReport(List.of(), true, List.of());
    assertThat(telling.run()).isZero();
  }

  @Test
  void typesThatNobodyServesAreToldWhenTheyChange() throws Exception {
    for (ReapReport report :
        List.of(
            unserved("x"),
            unserved("x"),
            unserved("x", "y"),
            unserved(),
            unserved(),
            unserved("x"))) {
      store.nextReap = report;
      telling.run();
    }
    assertThat(told(PoolEvent.TypesUnserved.class))
        .extracting(PoolEvent.TypesUnserved::types)
        .containsExactly(List.of("x"), List.of("x", "y"), List.of("x"));
  }

  private static void down() {
    throw new StoreException("down", null);
  }
}
