package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Invariant 1: stacks, each of which may stop the JVM for a moment, are taken at a bounded rate.
 */
class StackSamplerTest {

  private final TestClock clock = new TestClock();
  private final StackSampler stacks = new StackSampler(clock);

  /** How many of so many it took. */
  private int taken(int of) {
    int taken = 0;
    for (int i = 0; i < of; i++) {
      if (!stacks.stackOf(Thread.currentThread()).contains("no stack")) {
        taken++;
      }
    }
    return taken;
  }

  @Test
  void sixteenAtOnceThenTenASecond() {
    assertThat(taken(100)).isEqualTo(16);
    clock.advance(Duration.ofMillis(99));
    assertThat(taken(1)).isZero();
    clock.advance(Duration.ofMillis(1));
    assertThat(taken(10)).isEqualTo(1);
    clock.advance(Duration.ofSeconds(1));
    assertThat(taken(100)).isEqualTo(10);
    clock.advance(Duration.ofHours(1));
    assertThat(taken(100)).as("nothing is saved up").isEqualTo(16);
  }
}
