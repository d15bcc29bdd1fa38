package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.ItemType;
import io.deriver.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards what is asked of the time of a pool; that it passes right, all simulations guard. */
class PoolTimeTest {

  private static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);

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
