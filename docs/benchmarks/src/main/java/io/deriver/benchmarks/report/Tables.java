package io.deriver.benchmarks.report;

import io.deriver.benchmarks.measure.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A benchmark's two tables: speed, which the machine has a part in, and counts, which it has not.
 */
record Tables(String title, List<Row> rows) {

  @Override
  public String toString() {
    Table speed =
        new Table(List.of(title, "items/s", "least, most", "of the floor", "least, most"));
    Table counts =
        new Table(
            List.of(
                "an item of it",
                "statements",
                "commits",
                "WAL bytes",
                "blocks claimed from",
                "with loading: items/s",
                "with loading: WAL bytes"));
    for (Row row : rows) {
      speed.row(
          List.of(
              row.name(),
              whole(row.perSecond().median()),
              whole(row.perSecond().min()) + ", " + whole(row.perSecond().max()),
              hundredths(row.ofFloor().median()),
              hundredths(row.ofFloor().min()) + ", " + hundredths(row.ofFloor().max())));
      counts.row(counts(row));
    }
    return "%n%s%n%s".formatted(speed, counts);
  }

  private static List<String> counts(Row row) {
    List<String> cells = new ArrayList<>();
    cells.add(row.name());
    cells.add(known(row.statements()));
    cells.add(fine(row.commits().median()));
    cells.add(whole(row.walBytes().median()) + (row.checkpoint() ? ", with a checkpoint" : ""));
    cells.add(known(row.claimBuffers()));
    boolean loaded = row.samples().get(0).loading() != null;
    cells.add(loaded ? whole(row.togetherPerSecond().median()) : "-");
    cells.add(loaded ? whole(row.togetherWalBytes().median()) : "-");
    return cells;
  }

  private static String known(@Nullable Spread spread) {
    return spread == null ? "-" : fine(spread.median());
  }

  private static String whole(double figure) {
    return String.format(Locale.ROOT, "%,.0f", figure);
  }

  private static String hundredths(double figure) {
    return String.format(Locale.ROOT, figure < 0.1 ? "%.3f" : "%.2f", figure);
  }

  private static String fine(double figure) {
    return String.format(Locale.ROOT, figure < 1 ? "%.3f" : "%.1f", figure);
  }
}
