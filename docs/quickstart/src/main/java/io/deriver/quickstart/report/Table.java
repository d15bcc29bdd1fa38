package io.deriver.quickstart.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table of text: first column to the left, the others to the right. Used by one thread. */
public final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a row; the first one is the head, and all are as long as it is. */
  public Table row(List<String> cells) {
    rows.add(List.copyOf(cells));
    return this;
  }

  @Override
  public String toString() {
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < rows.get(0).size(); column++) {
      int c = column;
      widths.add(rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0));
    }
    List<String> lines = new ArrayList<>();
    rows.forEach(row -> lines.add(line(row, widths)));
    lines.add(1, "-".repeat(lines.get(0).length()));
    return String.join("\n", lines);
  }

  private static String line(List<String> row, List<Integer> widths) {
    List<String> cells = new ArrayList<>();
    for (int column = 0; column < row.size(); column++) {
      String pad = " ".repeat(widths.get(column) - row.get(column).length());
      cells.add(column == 0 ? row.get(column) + pad : pad + row.get(column));
    }
    return cells.stream().collect(Collectors.joining("   "));
  }
}
