package io.deriver.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Guards that settings that are wrong are refused by name. */
class SettingsTest {

  private final Properties told = new Properties();

  @Test
  void untoldAreTheDefaults() {
    Settings settings = Settings.of(told);

    assertThat(settings.which()).isEqualTo(Settings.Which.ALL);
    assertThat(settings.asksFor(Settings.Which.MEMORY)).isTrue();
    assertThat(settings.backlog()).isEqualTo(1_000_000);
    assertThat(settings.snapshot()).isEqualTo(60);
  }

  @Test
  void oneByItsName() {
    told.setProperty("bench", "hangs");

    assertThat(Settings.of(told).asksFor(Settings.Which.HANGS)).isTrue();
    assertThat(Settings.of(told).asksFor(Settings.Which.HANG)).isFalse();
  }

  @Test
  void aBenchmarkThatIsNone() {
    told.setProperty("bench", "drains");

    assertThatThrownBy(() -> Settings.of(told))
        .hasMessageStartingWith("bench is 'drains'; it must be one of [all, drain, keys,");
  }

  @Test
  void aNumberThatIsTooSmall() {
    told.setProperty("bench.backlog", "999");

    assertThatThrownBy(() -> Settings.of(told))
        .hasMessage("bench.backlog is 999; it must be a whole number, 1000 at least");
  }

  @Test
  void aNumberThatIsNone() {
    told.setProperty("bench.snapshot", "10m");

    assertThatThrownBy(() -> Settings.of(told))
        .hasMessage("bench.snapshot is 10m; it must be a whole number, 1 at least");
  }

  @Test
  void payloadsTooShortForTheirNumbers() {
    assertThatThrownBy(() -> Payloads.requireNumbers(11, "for the order by key"))
        .hasMessage("bench.payload is 11; for the order by key it must be at least 12");
  }
}
