package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Guards that the tests which docs/guarantees.md names are there, and that it names all twelve. */
class GuaranteesPageTest {

  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|Contract))(?:#(\\w+))?`");

  private static final List<Path> SOURCES =
      Stream.of("deriver-core", "deriver-jdbc", "deriver-testkit", "docs")
          .map(module -> Docs.files(Docs.ROOT.resolve(module), Integer.MAX_VALUE, ".java"))
          .flatMap(List::stream)
          .toList();

  @Test
  void eachTestThatItNamesIsThere() {
    Matcher named = TEST.matcher(Docs.text(Docs.page("guarantees.md")));
    int count = 0;
    while (named.find()) {
      count++;
      List<Path> sources = sources(named.group(1));
      assertThat(sources).as("sources of %s", named.group(1)).isNotEmpty();
      String method = named.group(2);
      if (method != null) {
        assertThat(sources).anyMatch(source -> Docs.text(source).contains(" " + method + "("));
      }
    }
    assertThat(count).isGreaterThan(20);
  }

  @Test
  void eachGuaranteeHasItsRowInTheTable() {
    Set<Integer> rows =
        Docs.tableRows(Docs.page("guarantees.md")).stream()
            .map(cells -> cells.get(0))
            .filter(cell -> cell.matches("\\d+"))
            .map(Integer::valueOf)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(rows).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    for (int number : rows) {
      assertThat(Docs.text(Docs.page("guarantees.md"))).contains("\n## " + number + ". ");
    }
  }

  private static List<Path> sources(String simpleName) {
    return SOURCES.stream()
        .filter(path -> path.getFileName().toString().equals(simpleName + ".java"))
        .toList();
  }
}
