package io.deriver.recipes;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table of docs/letting-go.md: between its markers, a run of the tests reads and writes it. */
final class Page {

  private static final Path FILE = Path.of("../letting-go.md");
  private static final Pattern GROUP = Pattern.compile("([a-z0-9 ]+?)(?: \\(([^)]+)\\))?");

  private final String way;
  private final List<String> kinds;
  private final String start;
  private final String end;

  Page(String table) {
    this(table, "what is done", Kinds.ALL);
  }

  /**
   * @param way the head of the second column; empty for a table without it
   * @param kinds the kinds of threads that it tells apart
   */
  Page(String table, String way, List<String> kinds) {
    this.way = way;
    this.kinds = kinds;
    start = "<!-- measured " + table + " -->\n";
    end = "<!-- end of " + table + " -->\n";
  }

  /** The words of one kind of thread, cell by cell. */
  Map<Cell, String> words(String kind) {
    Map<Cell, String> words = new LinkedHashMap<>();
    cells()
        .forEach(
            (cell, kinds) -> {
              String word = kinds.get(kind);
              if (word != null) {
                words.put(cell, word);
              }
            });
    return words;
  }

  /** Puts these words in place of those of the kind. Rows that were not measured go. */
  void write(String kind, Map<Cell, String> words) {
    Map<Cell, Map<String, String>> known = cells();
    Map<Cell, Map<String, String>> cells = new LinkedHashMap<>();
    words.forEach(
        (cell, word) -> {
          Map<String, String> kinds = new TreeMap<>(known.getOrDefault(cell, Map.of()));
          kinds.put(kind, word);
          cells.put(cell, kinds);
        });
    String page = text();
    int from = page.indexOf(start) + start.length();
    String written = page.substring(0, from) + rendered(cells) + page.substring(page.indexOf(end));
    try {
      Files.writeString(FILE, written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<Cell, Map<String, String>> cells() {
    String page = text();
    List<List<String>> rows =
        page.substring(page.indexOf(start) + start.length(), page.indexOf(end))
            .lines()
            .filter(line -> !line.startsWith("| ---"))
            .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ", -1)))
            .toList();
    Map<Cell, Map<String, String>> cells = new LinkedHashMap<>();
    String client = "";
    for (List<String> row : rows.subList(Math.min(1, rows.size()), rows.size())) {
      client = row.get(0).isBlank() ? client : row.get(0);
      String way = hasWays() ? row.get(1) : "";
      for (int i = hasWays() ? 2 : 1; i < row.size(); i++) {
        cells.put(new Cell(client, way, rows.get(0).get(i)), kinds(row.get(i)));
      }
    }
    return cells;
  }

  private boolean hasWays() {
    return !way.isEmpty();
  }

  private Map<String, String> kinds(String text) {
    Map<String, String> words = new TreeMap<>();
    for (String group : text.split("(?<=\\)), ", -1)) {
      Matcher found = GROUP.matcher(group);
      if (!found.matches()) {
        throw new AssertionError("not a cell: " + text);
      }
      String of = found.group(2);
      for (String kind : of == null ? this.kinds : List.of(of.split(", ", -1))) {
        words.put(kind, found.group(1));
      }
    }
    return words;
  }

  private String rendered(Map<Cell, Map<String, String>> cells) {
    List<String> shapes = cells.keySet().stream().map(Cell::shape).distinct().toList();
    StringBuilder table = new StringBuilder("| call | ");
    table.append(hasWays() ? way + " | " : "");
    table.append(String.join(" | ", shapes)).append(" |\n");
    table.append("| --- ".repeat(shapes.size() + (hasWays() ? 2 : 1))).append("|\n");
    String last = "";
    List<Cell> rows = new ArrayList<>();
    cells.keySet().stream().filter(cell -> cell.shape().equals(shapes.get(0))).forEach(rows::add);
    for (Cell row : rows) {
      table.append("| ").append(row.client().equals(last) ? "" : row.client());
      table.append(hasWays() ? " | " + row.way() : "");
      for (String shape : shapes) {
        Map<String, String> ofKinds =
            cells.getOrDefault(new Cell(row.client(), row.way(), shape), Map.of());
        table.append(" | ").append(words(ofKinds));
      }
      table.append(" |\n");
      last = row.client();
    }
    return table.toString();
  }

  private String words(Map<String, String> ofKinds) {
    Map<String, List<String>> byWord = new LinkedHashMap<>();
    ofKinds.forEach((kind, word) -> byWord.computeIfAbsent(word, w -> new ArrayList<>()).add(kind));
    if (byWord.size() == 1 && ofKinds.size() == kinds.size()) {
      return byWord.keySet().iterator().next();
    }
    return byWord.entrySet().stream()
        .map(group -> group.getKey() + " (" + String.join(", ", group.getValue()) + ")")
        .collect(joining(", "));
  }

  private static String text() {
    try {
      return Files.readString(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
