package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Guards that the breaks under docs/breaks still fit the sources and name tests that are there, so
 * that whoever changes a guard hears of its break at once. Whether each is caught, docs/breaks/run
 * says.
 */
class BreaksTest {

  static List<Path> breaks() {
    List<Path> breaks = Docs.files(Docs.page("breaks"), 1, ".patch");
    assertThat(breaks).hasSizeGreaterThan(20);
    return breaks;
  }

  @ParameterizedTest
  @MethodSource("breaks")
  void whatABreakReplacesIsInTheSource(Path patch) {
    String text = Docs.text(patch);
    Path source = Docs.ROOT.resolve(field(text, "--- a/"));
    String[] hunks = text.split("(?m)^@@.*\\n", -1);
    assertThat(hunks).hasSizeGreaterThan(1);
    for (int i = 1; i < hunks.length; i++) {
      String replaced =
          hunks[i]
              .lines()
              .filter(line -> !line.startsWith("+"))
              .map(line -> line.isEmpty() ? line : line.substring(1))
              .collect(Collectors.joining("\n"));
      assertThat(Docs.text(source)).contains(replaced);
    }
  }

  @ParameterizedTest
  @MethodSource("breaks")
  void theTestThatABreakNamesIsThere(Path patch) {
    String text = Docs.text(patch);
    String[] test = field(text, "Test: ").split("#", 2);
    Path module = Docs.ROOT.resolve(field(text, "Module: "));
    assertThat(sources(module, test[0])).as(test[0]).isNotEmpty();
    if (test.length == 2) {
      // A contract's tests are in the testkit.
      String methods =
          Stream.concat(
                  sources(module, test[0]).stream(),
                  sources(Docs.ROOT.resolve("deriver-testkit"), "Contract").stream())
              .map(Docs::text)
              .collect(Collectors.joining());
      for (String method : test[1].split("\\+", -1)) {
        assertThat(methods).contains(" " + method + "(");
      }
    }
  }

  private static List<Path> sources(Path module, String ending) {
    return Docs.files(module.resolve("src"), Integer.MAX_VALUE, ending + ".java");
  }

  private static String field(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line '" + name + "'"));
  }
}
