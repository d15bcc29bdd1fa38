package io.deriver.benchmarks.report;

import io.deriver.benchmarks.measure.Settings;
import io.deriver.benchmarks.measure.Spread;
import io.deriver.benchmarks.plot.Bars;
import io.deriver.benchmarks.server.Environment;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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

  @Override
  public Bars bars() {
    return new Bars(
        title,
        rows.stream().map(Row::name).toList(),
        List.of(
            column("of the floor", Row::ofFloor),
            column("statements an item", Row::statements),
            column("WAL bytes an item", Row::walBytes)));
  }

  private Bars.Column column(String name, Function<Row, @Nullable Spread> figure) {
    return new Bars.Column(name, rows.stream().map(row -> median(figure.apply(row))).toList());
  }

  private static double median(@Nullable Spread spread) {
    return spread == null ? 0 : spread.median();
  }
}
