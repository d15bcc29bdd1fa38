package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guards that a burst is given a moment to gather, and that single work is never waited for. */
class BurstTest {

  private final AtomicInteger ready = new AtomicInteger();
  private final AtomicInteger breaths = new AtomicInteger();
  private final Burst burst =
      new Burst(
          () -> {
            breaths.incrementAndGet();
            ready.set(40);
          });

  @BeforeEach
  void aFew() {
    ready.set(3);
  }

  @Test
  void aFewAfterManyGather() {
    burst.was(50);
    assertThat(burst.gathered(ready::get)).isEqualTo(40);
    assertThat(breaths).hasValue(1);
  }

  @Test
  void halfIsEnough() {
    ready.set(4);
    burst.was(8);
    assertThat(burst.gathered(ready::get)).isEqualTo(4);
    assertThat(breaths).hasValue(0);
    burst.was(9);
    assertThat(burst.gathered(ready::get)).isEqualTo(40);
  }

  @Test
  void sevenAreNotMany() {
    ready.set(1);
    burst.was(7);
    assertThat(burst.gathered(ready::get)).isEqualTo(1);
    assertThat(breaths).hasValue(0);
  }

  @Test
  void nothingIsNotWaitedFor() {
    burst.was(50);
    ready.set(0);
    assertThat(burst.gathered(ready::get)).isZero();
    ready.set(-2);
    assertThat(burst.gathered(ready::get)).isEqualTo(-2);
    assertThat(breaths).hasValue(0);
  }

  @Test
  void whatComesSinglyIsNotWaitedFor() {
    ready.set(1);
    assertThat(burst.gathered(ready::get)).isEqualTo(1);
    burst.was(1);
    assertThat(burst.gathered(ready::get)).isEqualTo(1);
    burst.was(50);
    burst.was(0);
    assertThat(burst.gathered(ready::get)).isEqualTo(1);
    assertThat(breaths).hasValue(0);
  }
}
