package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.jdbc.PostgresQueue;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Guards that docs/runbook.md knows every line that deriver logs, and that its queries run. */
class RunbookPageTest {

  private static final Pattern LOGGED =
      Pattern.compile(
          "\\b(?:log|LOG)\\s*\\.(?:debug|info|warn|error)\\(\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*\\+?\\s*)+)");
  private static final Pattern SEVERAL = Pattern.compile("\"\\s*\\+\\s*\"");

  @Test
  void everyLogLineIsInTheRunbook() {
    Set<String> lines = new LinkedHashSet<>();
    for (String module : List.of("deriver-core", "deriver-jdbc")) {
      Path sources = Docs.ROOT.resolve(module).resolve("src/main/java");
      for (Path source : Docs.files(sources, Integer.MAX_VALUE, ".java")) {
        Matcher logged = LOGGED.matcher(Docs.text(source));
        while (logged.find()) {
          lines.add(beginning(SEVERAL.matcher(logged.group(1)).replaceAll("")));
        }
      }
    }
    assertThat(lines).hasSizeGreaterThan(20).contains("Saturated:");
    String runbook = Docs.flat(Docs.page("runbook.md"));
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(runbook.contains(line))
                    .as("docs/runbook.md explains '%s'", line)
                    .isTrue());
  }

  @Test
  void everyQueryRuns() throws Exception {
    List<String> queries = Docs.fenced(Docs.page("runbook.md"), "sql");
    assertThat(queries).isNotEmpty();
    try (Database database = new Database()) {
      PostgresQueue.builder(database.dataSource()).installSchema();
      for (String query : queries) {
        database.rows(query);
      }
    }
  }

  /** The first fixed words of a log format that tell it from others, after the pool's name. */
  private static String beginning(String format) {
    String text = format.strip();
    text = text.substring(1, text.lastIndexOf('"')).replace("[{}] ", "");
    for (String piece : text.split("\\{\\}", -1)) {
      String words = piece.replaceAll("^[ ,;:()=]+", "").strip();
      if (words.length() >= 8) {
        return words;
      }
    }
    throw new AssertionError("no words in '" + format + "'");
  }
}
