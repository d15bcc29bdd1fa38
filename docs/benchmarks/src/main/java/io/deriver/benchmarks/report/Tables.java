package io.deriver.benchmarks.report;

import io.deriver.benchmarks.measure.Spread;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A benchmark's two tables: speed, which is the machine's as well, and counts, which hardly are.
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
                "dead rows",
                "HOT, of updates",
                "with loading: items/s",
                "with loading: WAL bytes"));
    for (Row row : rows) {
      speed.row(
          List.of(
              row.name(),
              Numbers.whole(row.perSecond().median()),
              Numbers.whole(row.perSecond().min()) + ", " + Numbers.whole(row.perSecond().max()),
              Numbers.hundredths(row.ofFloor().median()),
              Numbers.hundredths(row.ofFloor().min())
                  + ", "
                  + Numbers.hundredths(row.ofFloor().max())));
      counts.row(counts(row));
    }
    return "%n%s%n%s".formatted(speed, counts);
  }

  private static List<String> counts(Row row) {
    List<String> cells = new ArrayList<>();
    cells.add(row.name());
    cells.add(known(row.statements()));
    cells.add(Numbers.fine(row.commits().median()));
    cells.add(
        Numbers.whole(row.walBytes().median()) + (row.checkpoint() ? ", with a checkpoint" : ""));
    cells.add(known(row.claimBuffers()));
    cells.add(known(row.deadRows()));
    cells.add(row.hotShare() == null ? "-" : Numbers.hundredths(row.hotShare().median()));
    boolean loaded = row.samples().get(0).loading() != null;
    cells.add(loaded ? Numbers.whole(row.togetherPerSecond().median()) : "-");
    cells.add(loaded ? Numbers.whole(row.togetherWalBytes().median()) : "-");
    return cells;
  }

  private static String known(@Nullable Spread spread) {
    return spread == null ? "-" : Numbers.fine(spread.median());
  }
}
