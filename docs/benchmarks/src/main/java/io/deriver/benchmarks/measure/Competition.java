package io.deriver.benchmarks.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Rounds in which each contestant does the work once, in another order each time: what the machine
 * does meanwhile meets them all. A first, smaller round is not counted; it warms the JVM up.
 */
public final class Competition {

  private static final int WARM_UP_PART = 5;

  private final Benchmark benchmark;
  private final int rounds;
  private final Consumer<String> progress;

  public Competition(Benchmark benchmark, int rounds, Consumer<String> progress) {
    this.benchmark = benchmark;
    this.rounds = rounds;
    this.progress = progress;
  }

  /** What each needed, round by round, in the order of the benchmark's contestants. */
  public Map<String, List<Sample>> run() throws Exception {
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    for (Contestant contestant : benchmark.contestants()) {
      samples.put(contestant.name(), new ArrayList<>());
      contestant.run(Math.max(1, benchmark.items() / WARM_UP_PART));
    }
    for (int round = 0; round < rounds; round++) {
      List<Contestant> order = new ArrayList<>(benchmark.contestants());
      Collections.rotate(order, round);
      for (Contestant contestant : order) {
        Sample sample = contestant.run(benchmark.items());
        samples.computeIfAbsent(contestant.name(), name -> new ArrayList<>()).add(sample);
        progress.accept(line(round, contestant, sample));
      }
    }
    return samples;
  }

  private String line(int round, Contestant contestant, Sample sample) {
    return "%s, round %d of %d: %s: %s"
        .formatted(
            benchmark.name(),
            round + 1,
            rounds,
            contestant.name(),
            String.format(Locale.ROOT, "%,.0f/s", sample.work().perSecond()));
  }
}
