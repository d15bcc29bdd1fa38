package io.deriver.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.deriver.benchmarks.plot.Bars;
import io.deriver.benchmarks.server.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a benchmark came to. */
public sealed interface Report permits RaceReport, StudyReport {

  /** What its figures depend on. */
  Environment environment();

  /** As a table of Markdown. */
  String table();

  /** As bars. */
  Bars bars();

  /**
   * Writes it as JSON.
   *
   * @return the file
   */
  default Path writeInto(Path folder, String name) throws IOException {
    Path file = Files.createDirectories(folder).resolve(name + ".json");
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
    return file;
  }
}
