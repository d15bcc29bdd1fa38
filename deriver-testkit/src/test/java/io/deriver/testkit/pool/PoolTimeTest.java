package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.testkit.Caller;
import io.deriver.testkit.time.ManualPoolClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards what is asked of the time of a pool; that it passes right, all simulations guard. */
class PoolTimeTest {

  private static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);

  @Test
  void aRunMayWaitOnSeveralThreads() throws Exception {
    PoolTime time = new PoolTime(new ManualPoolClock(), Duration.ofSeconds(5));
    try (PoolTester tester =
        PoolTester.with(
            time,
            pool ->
                pool.processor(
                    SUMMARY,
                    (unit, run) -> {
                      Caller<String> other =
                          new Caller<>(
                              () -> {
                                time.workFor(run, Duration.ofSeconds(1));
                                return "done";
                              });
                      time.workFor(run, Duration.ofSeconds(5));
                      other.result.join();
                      return Outcome.done();
                    }))) {
      tester.enqueue(Item.of(SUMMARY, "a", "hello"));

      tester.drain(Duration.ofMinutes(1));

      assertThat(tester.unit(SUMMARY, "a")).completed();
      assertThat(time.now()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6));
    }
  }

  @Test
  void aStepOfNothingIsRefused() throws Exception {
    try (PoolTester tester =
        PoolTester.with(pool -> pool.processor(SUMMARY, (unit, run) -> Outcome.done()))) {
      PoolTime time = tester.time();
      assertThatThrownBy(() -> time.pass(tester.pool(), Duration.ofSeconds(1), Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("step is PT0S; it must be positive");
      assertThat(time.now()).isZero();
    }
  }

  /** Nobody lets the time of such a run pass: the test would hang. */
  @Test
  @Timeout(30)
  void aRunWithoutAPoolIsRefused() {
    PoolTime time = new PoolTime();
    TestRun alone = new TestRun();

    assertThatThrownBy(() -> time.workFor(alone, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TestRun", "PoolTester");
    assertThatThrownBy(() -> time.hang(alone)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> time.hang(alone, new CompletableFuture<>()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
