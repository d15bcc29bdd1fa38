package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.testkit.catalogue.Expected;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.catalogue.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Guards docs/catalogue.md: its table is what {@link HangShape} says, and each shape of the network
 * has its picture. With {@code -Ddocs.write=true} it writes both instead.
 */
class CataloguePageTest {

  private static final boolean WRITE = Boolean.getBoolean("docs.write");
  private static final Path PAGE = Docs.page("catalogue.md");
  private static final Path PICTURES = Docs.page("images/hangs");
  private static final String START = "<!-- written from HangShape -->\n";
  private static final String END = "<!-- end of it -->\n";

  @Test
  void theTableIsTheEnum() throws IOException {
    String page = Docs.text(PAGE);
    int from = page.indexOf(START) + START.length();
    int to = page.indexOf(END);
    if (WRITE) {
      Files.writeString(PAGE, page.substring(0, from) + table() + page.substring(to));
    } else {
      assertThat(page.substring(from, to)).isEqualTo(table());
    }
  }

  @Test
  void eachExpectationIsExplained() {
    for (Expected expected : Expected.values()) {
      assertThat(Docs.text(PAGE)).contains("\n| " + words(expected) + " | ");
    }
  }

  @Test
  void eachShapeOfTheNetworkHasItsPicture() throws IOException {
    List<HangShape> network =
        Arrays.stream(HangShape.values()).filter(shape -> shape.place() == Place.NETWORK).toList();
    assertThat(Timelines.ALL.keySet()).containsExactlyInAnyOrderElementsOf(network);
    Map<String, String> pictures = new TreeMap<>();
    Timelines.ALL.forEach(
        (shape, strokes) -> pictures.put(file(shape), TimelineSvg.of(shape.title(), strokes)));
    if (WRITE) {
      Files.createDirectories(PICTURES);
      for (Map.Entry<String, String> picture : pictures.entrySet()) {
        Files.writeString(PICTURES.resolve(picture.getKey()), picture.getValue());
      }
    }
    Map<String, String> found = new TreeMap<>();
    Docs.files(PICTURES, 1, ".svg")
        .forEach(file -> found.put(file.getFileName().toString(), Docs.text(file)));
    assertThat(found).isEqualTo(pictures);
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder("| | way to hang | seen in | a run that meets it | on the wire |\n");
    table.append("| --- ".repeat(5)).append("|\n");
    for (HangShape shape : HangShape.values()) {
      String picture =
          Timelines.ALL.containsKey(shape)
              ? "![%s](images/hangs/%s)".formatted(plain(shape), file(shape))
              : "";
      table.append(
          "| %d | **%s**<br>%s | %s | %s | %s |\n"
              .formatted(
                  shape.number(),
                  shape.title(),
                  shape.description(),
                  String.join(", ", shape.seenIn()),
                  words(shape.expected()),
                  picture));
    }
    return table.toString();
  }

  private static String words(Expected expected) {
    return expected.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String plain(HangShape shape) {
    return shape.title().replace("`", "");
  }

  private static String file(HangShape shape) {
    String name = shape.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return "%02d-%s.svg".formatted(shape.number(), name);
  }
}
