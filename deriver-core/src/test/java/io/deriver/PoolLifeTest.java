package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a pool leaves behind: no thread, no node in the store, whatever happened on its way. */
class PoolLifeTest {

  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    over.countDown();
  }

  private static PoolFixture.Builder named(String name) {
    return PoolFixture.with((unit, run) -> Outcome.done()).settings(pool -> pool.name(name));
  }

  private static void awaitNoThreadOf(String name) {
    PoolFixture.until(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("deriver-" + name + "-")));
  }

  @Test
  void aCloseLetsItsNodeGoOnceAndLeavesNoThread() {
    PoolFixture fixture = named("closed").start();
    assertThat(fixture.store.closes).hasValue(0);
    fixture.close();
    fixture.close();
    assertThat(fixture.store.closes).hasValue(1);
    awaitNoThreadOf("closed");
  }

  @Test
  void aStartThatFailsLetsItsNodeGo() {
    PoolFixture fixture = named("failed").build();
    fixture.store.onNodeId =
        () -> {
          throw new StoreException("cannot say", null);
        };
    assertThatThrownBy(fixture.pool::start).isInstanceOf(StoreException.class);
    assertThat(fixture.store.closes).hasValue(1);
    awaitNoThreadOf("failed");
  }

  @Test
  void aCloseThatIsInterruptedLetsItsNodeGo() throws Exception {
    PoolFixture fixture = named("interrupted").start();
    CompletableFuture<Boolean> staysSet = new CompletableFuture<>();
    Thread closing =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              fixture.close();
              staysSet.complete(Thread.currentThread().isInterrupted());
            });
    closing.start();
    PoolFixture.until(staysSet::isDone);
    assertThat(staysSet.get()).isTrue();
    PoolFixture.until(() -> fixture.store.closes.get() == 1);
    awaitNoThreadOf("interrupted");
  }

  @Test
  void aPoolThatWasNeverStartedIsClosedWithoutAWord() {
    PoolFixture fixture = named("never").build();
    fixture.close();
    assertThat(fixture.store.closes).hasValue(0);
    assertThatThrownBy(fixture.pool::start).hasMessageContaining("'never' is closed");
  }

  @Test
  void aDrainIsToldWithItsReportAndTakesADayAtMost() {
    try (PoolFixture fixture = named("drained").start()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> fixture.pool.drain(Duration.ofDays(1).plusNanos(1)))
          .withMessageContaining("limit");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> fixture.pool.drain(Duration.ofNanos(-1)))
          .withMessageContaining("limit");
      DrainReport report = fixture.pool.drain(Duration.ZERO);
      PoolFixture.until(() -> fixture.events(PoolEvent.Drained.class).size() == 1);
      assertThat(fixture.events(PoolEvent.Drained.class).get(0).report()).isEqualTo(report);
    }
  }

  @Test
  void aCancelEndsTheRunOfItsKeyAndNoOther() {
    CountDownLatch begun = new CountDownLatch(2);
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  begun.countDown();
                  over.await();
                  return Outcome.done();
                })
            .content(store -> store.put("a", "").put("b", ""))
            .start()) {
      PoolFixture.until(() -> begun.getCount() == 0);
      assertThat(fixture.pool.cancel(PoolFixture.TYPE, "c")).isFalse();
      assertThat(fixture.pool.cancel(ItemType.of("other", String.class), "b")).isFalse();
      assertThat(fixture.pool.cancel(PoolFixture.TYPE, "b")).isTrue();
      assertThat(fixture.pool.cancel(PoolFixture.TYPE, "b")).as("once").isFalse();
      PoolFixture.until(() -> fixture.store.endsOf("b").size() == 1);
      assertThat(fixture.pool.health().live()).isEqualTo(1);
      over.countDown();
      PoolFixture.until(() -> fixture.store.endsOf("a").size() == 1);
    }
  }
}
