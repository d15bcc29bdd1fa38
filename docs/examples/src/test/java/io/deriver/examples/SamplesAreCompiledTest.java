package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Guards that each Java sample of the documentation is a piece of a source that compiles. */
class SamplesAreCompiledTest {

  private static final Pattern REGION =
      Pattern.compile(
          "^ *// docs:start (\\S+)\\n(.*?)^ *// docs:end$", Pattern.MULTILINE | Pattern.DOTALL);

  @Test
  void eachSampleIsARegionOfASource() {
    Map<String, String> regions = regions();
    for (Path page : Docs.pagesAndParts()) {
      for (String sample : Docs.fenced(page, "java")) {
        assertThat(regions.values()).as("a Java sample of %s", page.getFileName()).contains(sample);
      }
    }
  }

  @Test
  void eachRegionIsShownSomewhere() {
    Set<String> shown = new LinkedHashSet<>();
    Docs.pagesAndParts().forEach(page -> shown.addAll(Docs.fenced(page, "java")));
    assertThat(regions()).allSatisfy((name, region) -> assertThat(shown).contains(region));
  }

  @Test
  void theCompleteHostHasUnderFortyLines() {
    String host = regions().getOrDefault("host", "");
    assertThat(host).contains("public final class Host");
    assertThat(host.lines().count()).isLessThan(40);
    assertThat(Docs.fenced(Docs.ROOT.resolve("README.md"), "java")).contains(host);
  }

  private static Map<String, String> regions() {
    Map<String, String> regions = new LinkedHashMap<>();
    for (Path source : sources()) {
      Matcher region = REGION.matcher(Docs.text(source));
      while (region.find()) {
        String known = regions.put(region.group(1), region.group(2).stripTrailing().stripIndent());
        assertThat(known).as("a second region '%s'", region.group(1)).isNull();
      }
    }
    assertThat(regions).isNotEmpty();
    return regions;
  }

  private static List<Path> sources() {
    return Stream.of(
            "src/main/java",
            "src/test/java",
            "../recipes/src/main/java",
            "../recipes/src/test/java")
        .flatMap(folder -> Docs.files(Path.of(folder), Integer.MAX_VALUE, ".java").stream())
        .toList();
  }
}
