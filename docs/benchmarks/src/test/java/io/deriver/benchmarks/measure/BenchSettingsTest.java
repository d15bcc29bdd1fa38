package io.deriver.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class BenchSettingsTest {

  private final Properties told = new Properties();

  @Test
  void untoldAreTheDefaults() {
    Settings settings = Settings.of(told);

    assertThat(settings.which()).isEqualTo(Settings.Which.ALL);
    assertThat(settings.backlog()).isEqualTo(1_000_000);
    assertThat(settings.snapshot()).isEqualTo(60);
  }

  @Test
  void oneThatIsTooSmall() {
    told.setProperty("bench.backlog", "999");

    assertThatThrownBy(() -> Settings.of(told))
        .hasMessage("bench.backlog is 999; it must be a whole number, 1000 at least");
  }

  @Test
  void oneThatIsNoNumber() {
    told.setProperty("bench.snapshot", "10m");

    assertThatThrownBy(() -> Settings.of(told))
        .hasMessage("bench.snapshot is 10m; it must be a whole number, 1 at least");
  }

  @Test
  void aBenchmarkThatIsNone() {
    told.setProperty("bench", "drains");

    assertThatThrownBy(() -> Settings.of(told))
        .hasMessageStartingWith("bench is 'drains'; it must be one of [all, drain, keys,");
  }
}
