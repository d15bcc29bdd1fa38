package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Guards that every relative link of the documentation leads somewhere. */
class LinksTest {

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ +(.+)$", Pattern.MULTILINE);

  @Test
  void relativeLinksLeadToFilesAndHeadings() {
    List<String> broken = new ArrayList<>();
    int checked = 0;
    for (Path page : Docs.pagesAndParts()) {
      Matcher link = LINK.matcher(Docs.text(page));
      while (link.find()) {
        String target = link.group(1);
        if (!target.contains("://")) {
          checked++;
          if (!leadsSomewhere(page, target)) {
            broken.add(page.getFileName() + " -> " + target);
          }
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(checked).isGreaterThan(20);
  }

  @Test
  void everyPageIsReachedFromTheReadme() {
    String readme = Docs.text(Docs.ROOT.resolve("README.md"));
    for (Path page : Docs.pages()) {
      if (!page.endsWith("README.md")) {
        assertThat(readme).contains("](docs/" + page.getFileName());
        assertThat(Docs.text(page)).as("the way back from %s", page).contains("](../README.md)");
      }
    }
  }

  private static boolean leadsSomewhere(Path page, String target) {
    int hash = target.indexOf('#');
    String file = hash < 0 ? target : target.substring(0, hash);
    Path path = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    return Files.exists(path) && (hash < 0 || anchors(path).contains(target.substring(hash + 1)));
  }

  private static List<String> anchors(Path page) {
    List<String> anchors = new ArrayList<>();
    Matcher heading = HEADING.matcher(Docs.text(page));
    while (heading.find()) {
      anchors.add(
          heading
              .group(1)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-'));
    }
    return anchors;
  }
}
