package io.deriver.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table of Markdown whose columns stand below one another. Used by one thread. */
public final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  /** One with this head and no rows. */
  public Table(List<String> head) {
    rows.add(head);
  }

  /** Adds a row as long as the head. */
  public void row(List<String> cells) {
    rows.add(cells);
  }

  @Override
  public String toString() {
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < rows.get(0).size(); column++) {
      int c = column;
      widths.add(rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0));
    }
    List<String> lines =
        rows.stream()
            .map(row -> line(row, widths))
            .collect(Collectors.toCollection(ArrayList::new));
    lines.add(1, line(widths.stream().map(width -> "---").toList(), widths));
    return String.join("\n", lines) + "\n";
  }

  private static String line(List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder("|");
    for (int column = 0; column < cells.size(); column++) {
      String pad = " ".repeat(widths.get(column) - cells.get(column).length());
      line.append(' ').append(cells.get(column)).append(pad).append(" |");
    }
    return line.toString();
  }
}
