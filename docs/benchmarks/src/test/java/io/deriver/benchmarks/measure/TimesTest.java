package io.deriver.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TimesTest {

  private final Times times = new Times();

  @Test
  void ofAHundred() {
    for (int milli = 100; milli >= 1; milli--) {
      times.add(milli * 1_000_000L);
    }

    assertThat(times.millis(50)).isEqualTo(50);
    assertThat(times.millis(99)).isEqualTo(99);
    assertThat(times.millis(100)).isEqualTo(100);
  }

  @Test
  void ofOneThatIsBelowZero() {
    times.add(-500_000);

    assertThat(times.millis(99)).isEqualTo(-0.5);
  }

  @Test
  void ofNone() {
    assertThatThrownBy(() -> times.millis(50)).hasMessage("nothing was timed");
  }
}
