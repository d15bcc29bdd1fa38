package io.deriver.benchmarks.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What runs of one version came to.
 *
 * @param runs one after another: the median of each figure that was measured
 */
record Results(List<Map<Subject, Double>> runs) {

  // The others are the same in both versions.
  private static final String OWN = "deriver";
  private static final ObjectMapper JSON = new ObjectMapper();

  Results {
    runs = List.copyOf(runs);
  }

  /** Reads a folder that has a folder for each run, named 1, 2 and so on. */
  static Results read(Path folder) throws IOException {
    List<Map<Subject, Double>> runs = new ArrayList<>();
    for (int run = 1; Files.isDirectory(folder.resolve("" + run)); run++) {
      runs.add(run(folder.resolve("" + run)));
    }
    return new Results(runs);
  }

  private static Map<Subject, Double> run(Path folder) throws IOException {
    Map<Subject, Double> figures = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
        String name = file.getFileName().toString().replace(".json", "");
        // A study has none: it has no floor and no counts.
        for (JsonNode row : JSON.readTree(file.toFile()).path("rows")) {
          add(figures, name, row);
        }
      }
    }
    return figures;
  }

  private static void add(Map<Subject, Double> figures, String benchmark, JsonNode row) {
    String contestant = row.path("name").asText();
    if (contestant.startsWith(OWN)) {
      for (Figure figure : Figure.values()) {
        JsonNode median = row.path(figure.field()).path("median");
        if (median.isNumber()) {
          figures.put(new Subject(benchmark, contestant, figure), median.asDouble());
        }
      }
    }
  }
}
