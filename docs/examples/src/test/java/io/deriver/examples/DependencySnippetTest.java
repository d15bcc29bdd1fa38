package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Guards that the dependencies and the commands that the pages name are those of the build. */
class DependencySnippetTest {

  private static final Path README = Docs.ROOT.resolve("README.md");
  private static final String POM = Docs.text(Docs.ROOT.resolve("pom.xml"));

  @Test
  void theDependenciesHaveTheProjectsCoordinates() {
    for (Path page : List.of(README, Docs.page("testing.md"))) {
      String snippet = Docs.fenced(page, "xml").get(0);
      assertThat(first("groupId", snippet)).isEqualTo(first("groupId", POM));
      assertThat(first("version", snippet)).isEqualTo(first("version", POM));
      String artifact = first("artifactId", snippet);
      assertThat(POM).contains("<module>" + artifact + "</module>");
      assertThat(Docs.text(Docs.ROOT.resolve(artifact).resolve("pom.xml")))
          .contains("<artifactId>" + artifact + "</artifactId>");
    }
  }

  @Test
  void theCommandsAreThoseOfTheBuild() {
    assertThat(Docs.fenced(README, "sh")).containsExactly("mvn -q -Pquickstart", "mvn verify");
    assertThat(POM).contains("<id>quickstart</id>").contains("<defaultGoal>package</defaultGoal>");
    assertThat(Docs.text(Docs.ROOT.resolve(".ci/run"))).containsPattern("\\nmvn .*verify\\n");
  }

  private static String first(String element, String xml) {
    Matcher found = Pattern.compile("<%1$s>([^<]+)</%1$s>".formatted(element)).matcher(xml);
    assertThat(found.find()).as("<%s>", element).isTrue();
    return found.group(1);
  }
}
