package io.deriver.benchmarks.report;

import io.deriver.benchmarks.measure.Settings;
import io.deriver.benchmarks.plot.Bars;
import io.deriver.benchmarks.server.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a study came to.
 *
 * @param settings of the run
 * @param lines one for each subject
 */
public record StudyReport(
    Environment environment, Settings settings, String title, List<Line> lines) implements Report {

  public StudyReport {
    lines = List.copyOf(lines);
  }

  @Override
  public String table() {
    List<String> figures =
        lines.stream().flatMap(line -> line.figures().keySet().stream()).distinct().toList();
    Table table = new Table(Stream.concat(Stream.of(title), figures.stream()).toList());
    for (Line line : lines) {
      List<String> cells = new ArrayList<>(List.of(line.subject()));
      figures.forEach(figure -> cells.add(line.cell(figure)));
      table.row(cells);
    }
    return "%n%s".formatted(table);
  }

  @Override
  public Bars bars() {
    List<String> subjects = lines.stream().map(Line::subject).toList();
    List<String> figures = lines.get(0).figures().keySet().stream().toList();
    return new Bars(
        title,
        subjects,
        figures.stream().map(figure -> new Bars.Column(figure, medians(figure))).toList());
  }

  private List<Double> medians(String figure) {
    return lines.stream().map(line -> line.median(figure)).toList();
  }
}
