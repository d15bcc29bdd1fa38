package io.deriver.benchmarks.compare;

import io.deriver.benchmarks.measure.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How today's runs stand to those of then, the first to the first and so on.
 *
 * @param ratios today's of then's
 * @param notCompared what only one of them has, or what was zero then
 */
record Comparison(Map<Subject, Spread> ratios, List<Subject> notCompared) {

  Comparison {
    notCompared = List.copyOf(notCompared);
  }

  /**
   * Compares them.
   *
   * @throws IllegalArgumentException if they have not as many runs, or none
   */
  static Comparison of(Results today, Results then) {
    if (today.runs().isEmpty() || today.runs().size() != then.runs().size()) {
      throw new IllegalArgumentException(
          "%d runs of today and %d of then; there must be as many of each, and one at least"
              .formatted(today.runs().size(), then.runs().size()));
    }
    Map<Subject, List<Double>> found = new LinkedHashMap<>();
    for (int run = 0; run < today.runs().size(); run++) {
      add(found, today.runs().get(run), then.runs().get(run));
    }
    Map<Subject, Spread> ratios = new LinkedHashMap<>();
    List<Subject> notCompared = new ArrayList<>();
    found.forEach(
        (subject, each) -> {
          if (each.size() == today.runs().size()) {
            ratios.put(subject, Spread.of(each));
          } else {
            notCompared.add(subject);
          }
        });
    return new Comparison(ratios, notCompared);
  }

  private static void add(
      Map<Subject, List<Double>> found, Map<Subject, Double> today, Map<Subject, Double> then) {
    Map<Subject, Double> all = new LinkedHashMap<>(then);
    all.putAll(today);
    for (Subject subject : all.keySet()) {
      List<Double> ratios = found.computeIfAbsent(subject, none -> new ArrayList<>());
      double before = then.getOrDefault(subject, 0.0);
      if (today.containsKey(subject) && before > 0) {
        ratios.add(today.getOrDefault(subject, 0.0) / before);
      }
    }
  }

  /** Those that are worse than the margins allow. */
  List<Subject> worse(Margins margins) {
    return ratios.entrySet().stream()
        .filter(entry -> margins.isWorse(entry.getKey().figure(), entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
