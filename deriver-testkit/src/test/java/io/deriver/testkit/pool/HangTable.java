package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The table of docs/guarantees.md that a run of the tests writes: a row for each shape, a column
 * for each JDK and kind of thread. With {@code -Dguarantees.write=true} a test writes its cell;
 * otherwise it compares the cell's words with what it saw. Milliseconds are those of the run that
 * wrote them, and are compared with nothing.
 */
final class HangTable {

  static final boolean WRITES = Boolean.getBoolean("guarantees.write");

  private static final String BEGIN = "<!-- hangs: written by EveryHangTest -->\n";
  private static final String END = "<!-- hangs: end -->";
  private static final Path PAGE = page();

  private final List<String> heads = new ArrayList<>(List.of("way to hang", "ended by"));
  private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();

  private HangTable() {}

  private static Path page() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docs/guarantees.md"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("docs/guarantees.md is in no folder above this one");
      }
    }
    return folder.resolve("docs/guarantees.md");
  }

  static HangTable read() {
    HangTable table = new HangTable();
    for (WayToHang shape : WayToHang.values()) {
      table.rows.put(
          shape.words(),
          new TreeMap<>(
              Map.of(
                  "way to hang",
                  shape.words(),
                  "ended by",
                  "`" + shape.endedBy().setting() + "`")));
    }
    List<List<String>> lines =
        between(text())
            .lines()
            .filter(line -> line.startsWith("| "))
            .map(HangTable::cells)
            .toList();
    if (!lines.isEmpty()) {
      table.heads.clear();
      table.heads.addAll(lines.get(0));
      lines.stream().skip(2).forEach(table::take);
    }
    return table;
  }

  private void take(List<String> cells) {
    Map<String, String> row = rows.get(cells.get(0));
    if (row != null) {
      for (int i = 0; i < heads.size(); i++) {
        row.put(heads.get(i), cells.get(i));
      }
    }
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
        .map(String::strip)
        .toList();
  }

  List<String> columns() {
    return heads.subList(2, heads.size());
  }

  /** The words of a cell, without its milliseconds; empty if there is none. */
  Optional<String> words(WayToHang shape, String column) {
    String cell = row(shape).getOrDefault(column, "");
    return cell.isEmpty() ? Optional.empty() : Optional.of(cell.replaceFirst("^-?\\d+ ms, ", ""));
  }

  private Map<String, String> row(WayToHang shape) {
    return rows.getOrDefault(shape.words(), Map.of());
  }

  /** What the table says becomes of the thread; null if nothing, or if it is to be written. */
  @Nullable Fate expected(WayToHang shape, ThreadKind kind) {
    return WRITES ? null : words(shape, kind.column()).map(Fate::of).orElse(null);
  }

  /** Prints what was seen, and writes it into the page or compares it with what stands there. */
  void compareOrWrite(WayToHang shape, ThreadKind kind, long millis, Fate seen) {
    System.out.printf(
        "%s, %s: slot back %d ms after its limit, thread %s%n",
        shape.words(), kind.column(), millis, seen.words());
    if (WRITES) {
      write(shape, kind.column(), millis, seen);
    } else if (columns().contains(kind.column())) {
      assertThat(words(shape, kind.column())).hasValue(seen.words());
    }
  }

  private void write(WayToHang shape, String column, long millis, Fate fate) {
    if (!heads.contains(column)) {
      heads.add(column);
      List<String> sorted = columns().stream().sorted().toList();
      heads.subList(2, heads.size()).clear();
      heads.addAll(sorted);
    }
    row(shape).put(column, "%d ms, %s".formatted(millis, fate.words()));
    StringBuilder table = new StringBuilder(line(heads)).append("|");
    table.append(" --- |".repeat(heads.size())).append('\n');
    rows.values()
        .forEach(
            row ->
                table.append(
                    line(heads.stream().map(head -> row.getOrDefault(head, "")).toList())));
    String before = text();
    String after =
        before.substring(0, before.indexOf(BEGIN) + BEGIN.length())
            + table
            + before.substring(before.indexOf(END));
    try {
      Files.writeString(PAGE, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String between(String page) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException("docs/guarantees.md has no place for the table of hangs");
    }
    return page.substring(begin + BEGIN.length(), end);
  }

  private static String text() {
    try {
      return Files.readString(PAGE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
