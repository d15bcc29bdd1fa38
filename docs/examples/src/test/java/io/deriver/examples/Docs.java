package io.deriver.examples;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pages of the documentation and the sources beside them. */
final class Docs {

  static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  private static final Pattern FENCE =
      Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  private Docs() {}

  static List<Path> pages() {
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    pages.addAll(files(ROOT.resolve("docs"), 1, ".md"));
    return pages;
  }

  /** The pages, and the parts of a page that are pages of their own. */
  static List<Path> pagesAndParts() {
    List<Path> all = new ArrayList<>(pages());
    all.addAll(files(ROOT.resolve("docs/testing"), 1, ".md"));
    return all;
  }

  static Path page(String name) {
    return ROOT.resolve("docs").resolve(name);
  }

  static List<Path> files(Path folder, int depth, String ending) {
    try (Stream<Path> found = Files.walk(folder, depth)) {
      return found.filter(path -> path.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fenced blocks of a language on a page. */
  static List<String> fenced(Path page, String language) {
    List<String> blocks = new ArrayList<>();
    Matcher fence = FENCE.matcher(text(page));
    while (fence.find()) {
      if (fence.group(1).equals(language)) {
        blocks.add(fence.group(2).stripTrailing());
      }
    }
    return blocks;
  }

  /** The rows of a page's tables, heads and rulers apart, cell by cell. */
  static List<List<String>> tableRows(Path page) {
    return text(page)
        .lines()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| ---"))
        .map(line -> line.substring(1, line.lastIndexOf('|')))
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .toList();
  }

  /** The page's words on one line, so that breaks of lines do not matter. */
  static String flat(Path page) {
    return text(page).lines().map(String::strip).collect(joining(" "));
  }
}
