package io.deriver.benchmarks.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** How large something is made, and what figures become as it grows. */
public final class Sizes {

  /** Where each growth begins. */
  public static final int SMALLEST = 1_000;

  private static final List<Integer> STEPS = List.of(SMALLEST, 100_000, 1_000_000, 5_000_000);

  private Sizes() {}

  /** From the smallest, in steps, up to this one. */
  public static List<Integer> upTo(int largest) {
    return IntStream.concat(
            STEPS.stream().mapToInt(size -> size).filter(size -> size < largest),
            IntStream.of(largest))
        .boxed()
        .toList();
  }

  /**
   * Of each figure what it is at each size, and how many times its smallest its largest is.
   *
   * @param bySize the same figures at each size, by their names, in order
   */
  public static Map<String, Double> growth(Map<Integer, Map<String, Double>> bySize) {
    Map<String, Double> growth = new LinkedHashMap<>();
    List<String> names = bySize.values().iterator().next().keySet().stream().toList();
    for (String name : names) {
      bySize.forEach(
          (size, figures) ->
              growth.put(
                  String.format(Locale.ROOT, "%s at %,d", name, size),
                  figures.getOrDefault(name, 0.0)));
      Spread spread =
          Spread.of(
              bySize.values().stream().map(figures -> figures.getOrDefault(name, 0.0)).toList());
      growth.put(name + ", growth", spread.max() / spread.min());
    }
    return growth;
  }
}
