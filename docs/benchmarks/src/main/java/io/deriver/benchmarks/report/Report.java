package io.deriver.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.deriver.benchmarks.measure.Settings;
import io.deriver.benchmarks.server.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a benchmark came to.
 *
 * @param settings of the run
 * @param rows one for each contestant
 */
public record Report(Environment environment, Settings settings, String title, List<Row> rows) {

  public Report {
    rows = List.copyOf(rows);
  }

  /** As a table of Markdown. */
  public String table() {
    return new Tables(title, rows).toString();
  }

  /**
   * Writes it as JSON.
   *
   * @return the file
   */
  public Path writeInto(Path folder, String name) throws IOException {
    Path file = Files.createDirectories(folder).resolve(name + ".json");
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
    return file;
  }
}
