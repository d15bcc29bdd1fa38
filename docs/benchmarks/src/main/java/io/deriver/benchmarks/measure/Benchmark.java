package io.deriver.benchmarks.measure;

import java.util.List;

/**
 * Contestants that do the same work.
 *
 * @param name of the file of its results
 * @param title of its table
 * @param items in each round
 * @param contestants the first is the floor that the others are compared with
 */
public record Benchmark(String name, String title, int items, List<Contestant> contestants) {

  public Benchmark {
    contestants = List.copyOf(contestants);
  }
}
