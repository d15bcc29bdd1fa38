package io.deriver.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SizesTest {

  @Test
  void upToOneBetweenSteps() {
    assertThat(Sizes.upTo(200_000)).containsExactly(1_000, 100_000, 200_000);
  }

  @Test
  void upToAStep() {
    assertThat(Sizes.upTo(5_000_000)).containsExactly(1_000, 100_000, 1_000_000, 5_000_000);
  }

  @Test
  void upToTheSmallest() {
    assertThat(Sizes.upTo(Sizes.SMALLEST)).containsExactly(1_000);
  }

  @Test
  void growthIsOfTheLargestFigureWhereverItIs() {
    Map<Integer, Map<String, Double>> bySize = new LinkedHashMap<>();
    bySize.put(1_000, Map.of("blocks", 4.0));
    bySize.put(100_000, Map.of("blocks", 6.0));
    bySize.put(1_000_000, Map.of("blocks", 5.0));

    assertThat(Sizes.growth(bySize))
        .containsExactly(
            Map.entry("blocks at 1,000", 4.0),
            Map.entry("blocks at 100,000", 6.0),
            Map.entry("blocks at 1,000,000", 5.0),
            Map.entry("blocks, growth", 1.5));
  }
}
