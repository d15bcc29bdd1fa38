package io.deriver.benchmarks.report;

import io.deriver.benchmarks.measure.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A study's figures of one subject over all rounds.
 *
 * @param figures by name
 * @param samples round by round
 */
public record Line(String subject, Map<String, Spread> figures, List<Map<String, Double>> samples) {

  /** One for each subject. */
  public static List<Line> of(Map<String, List<Map<String, Double>>> readings) {
    return readings.entrySet().stream()
        .map(entry -> new Line(entry.getKey(), spreads(entry.getValue()), entry.getValue()))
        .toList();
  }

  // Each round has the same figures.
  private static Map<String, Spread> spreads(List<Map<String, Double>> samples) {
    Map<String, Spread> spreads = new LinkedHashMap<>();
    for (String figure : samples.get(0).keySet()) {
      spreads.put(
          figure,
          Spread.of(samples.stream().map(sample -> sample.getOrDefault(figure, 0.0)).toList()));
    }
    return spreads;
  }

  /** The median; zero if not told. */
  double median(String figure) {
    Spread spread = figures.get(figure);
    return spread == null ? 0 : spread.median();
  }

  /** The median, and where there are several rounds the least and the most; a dash if not told. */
  String cell(String figure) {
    Spread spread = figures.get(figure);
    if (spread == null) {
      return "-";
    }
    String median = Numbers.exact(spread.median());
    return samples.size() == 1
        ? median
        : "%s (%s, %s)".formatted(median, Numbers.exact(spread.min()), Numbers.exact(spread.max()));
  }
}
