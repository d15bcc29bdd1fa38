package io.deriver.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Guards that settings that are wrong are refused by name. */
class SettingsTest {

  private final Properties told = new Properties();

  @Test
  void allByDefault() {
    assertThat(Settings.of(told).asksFor(Settings.Which.MEMORY)).isTrue();
  }

  @Test
  void oneByItsName() {
    told.setProperty("bench", "hangs");

    assertThat(Settings.of(told).asksFor(Settings.Which.HANGS)).isTrue();
    assertThat(Settings.of(told).asksFor(Settings.Which.HANG)).isFalse();
  }

  @Test
  void anUnknownOne() {
    told.setProperty("bench", "Drain");

    assertThatThrownBy(() -> Settings.of(told))
        .hasMessageStartingWith("bench is Drain; it must be one of [all, drain,");
  }

  @Test
  void aNumberThatIsTooSmall() {
    told.setProperty("bench.items", "0");

    assertThatThrownBy(() -> Settings.of(told))
        .hasMessage("bench.items is 0; it must be at least 1");
  }

  @Test
  void payloadsTooShortForTheirNumbers() {
    assertThatThrownBy(() -> Payloads.requireNumbers(11, "for the order by key"))
        .hasMessage("bench.payload is 11; for the order by key it must be at least 12");
  }
}
