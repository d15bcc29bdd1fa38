package io.deriver.benchmarks.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimTimesTest {

  private final ClaimTimes claims = new ClaimTimes();

  @Test
  void sweepsAndWhatBeganAtAnotherTimeStandApart() {
    add(99, 50, false);
    add(100, 1, false);
    add(150, 2, true);
    add(179, 3, false);
    add(180, 4, false);
    add(200, 60, false);

    assertThat(claims.figures(100, 200))
        .containsExactly(
            Map.entry("claims", 3.0),
            Map.entry("claims, p50", 3.0),
            Map.entry("claims, p99", 4.0),
            Map.entry("last fifth", 1.0),
            Map.entry("last fifth, p50", 4.0),
            Map.entry("last fifth, p99", 4.0),
            Map.entry("sweeps", 1.0),
            Map.entry("sweeps, p50", 2.0),
            Map.entry("sweeps, p99", 2.0));
  }

  @Test
  void ofNoneThereIsOnlyTheirNumber() {
    assertThat(claims.figures(100, 200))
        .containsExactly(
            Map.entry("claims", 0.0), Map.entry("last fifth", 0.0), Map.entry("sweeps", 0.0));
  }

  private void add(long start, long millis, boolean fromZero) {
    claims.add(new ClaimTimes.One(start, millis * 1_000_000, fromZero));
  }
}
