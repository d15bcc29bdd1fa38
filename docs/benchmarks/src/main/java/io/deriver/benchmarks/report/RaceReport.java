package io.deriver.benchmarks.report;

import io.deriver.benchmarks.measure.Settings;
import io.deriver.benchmarks.server.Environment;
import java.util.List;

/**
 * What contestants came to that did the same work.
 *
 * @param settings of the run
 * @param rows one for each contestant
 */
public record RaceReport(Environment environment, Settings settings, String title, List<Row> rows)
    implements Report {

  public RaceReport {
    rows = List.copyOf(rows);
  }

  @Override
  public String table() {
    return new Tables(title, rows).toString();
  }
}
