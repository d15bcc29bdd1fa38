package io.deriver.benchmarks.measure;

import java.util.List;

/** Smallest, median and largest of some figures. */
public record Spread(double min, double median, double max) {

  /** Of these, at least one. */
  public static Spread of(List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    int last = sorted.size() - 1;
    double median = (sorted.get(last / 2) + sorted.get((last + 1) / 2)) / 2;
    return new Spread(sorted.get(0), median, sorted.get(last));
  }
}
