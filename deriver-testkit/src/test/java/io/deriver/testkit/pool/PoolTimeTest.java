package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.ItemType;
import io.deriver.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

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
}
