package io.deriver.benchmarks.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is measured in other figures than items a second.
 *
 * @param name of the file of its results
 * @param title of its table
 * @param rounds how often it is measured
 * @param warmUp whether a first round is not counted; it warms the JVM up
 * @param round measures all once
 */
public record Study(String name, String title, int rounds, boolean warmUp, Round round) {

  /** What was measured, by subject, round by round; subjects and figures in the rounds' order. */
  public Map<String, List<Map<String, Double>>> run(Consumer<String> progress) throws Exception {
    if (warmUp) {
      List<Reading> unused = round.measure(line -> {});
    }
    Map<String, List<Map<String, Double>>> readings = new LinkedHashMap<>();
    for (int number = 1; number <= rounds; number++) {
      for (Reading reading : round.measure(progress)) {
        readings
            .computeIfAbsent(reading.subject(), subject -> new ArrayList<>())
            .add(reading.figures());
        progress.accept(
            "%s, round %d of %d: %s: %s"
                .formatted(name, number, rounds, reading.subject(), reading.figures()));
      }
    }
    return readings;
  }

  /** Measures all subjects once. */
  @FunctionalInterface
  public interface Round {

    /**
     * Does it, from an empty schema.
     *
     * @param progress takes lines that are worth reading beside the figures
     */
    List<Reading> measure(Consumer<String> progress) throws Exception;
  }

  /**
   * What was measured of one subject.
   *
   * @param figures by what they are called in tables
   */
  public record Reading(String subject, Map<String, Double> figures) {}
}
