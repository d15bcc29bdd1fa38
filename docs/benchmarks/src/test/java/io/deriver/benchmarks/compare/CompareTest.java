package io.deriver.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.benchmarks.measure.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guards that a version that has become worse does not pass. */
class CompareTest {

  private static final Margins MARGINS = new Margins(25, 10);
  private static final Subject SPEED = new Subject("drain", "deriver, 50 slots", Figure.SPEED);
  private static final Subject WAL = new Subject("drain", "deriver, 50 slots", Figure.WAL);

  @TempDir private Path folder = Path.of("");

  @Test
  void ratiosAreThoseOfTheSamePair() throws IOException {
    write("today/1", row("deriver, 50 slots", 1_200, 500));
    write("then/1", row("deriver, 50 slots", 1_000, 500));
    write("today/2", row("deriver, 50 slots", 400, 500));
    write("then/2", row("deriver, 50 slots", 500, 500));
    write("today/3", row("deriver, 50 slots", 900, 550));
    write("then/3", row("deriver, 50 slots", 1_000, 500));

    Comparison comparison = comparison();

    assertThat(comparison.ratios())
        .containsOnlyKeys(SPEED, WAL)
        .containsEntry(SPEED, new Spread(0.8, 0.9, 1.2))
        .containsEntry(WAL, new Spread(1, 1, 1.1));
    assertThat(Compare.code(comparison, MARGINS)).isZero();
  }

  @Test
  void lessSpeedThanTheMarginIsWorse() throws IOException {
    pair(row("deriver, 50 slots", 740, 500), row("deriver, 50 slots", 1_000, 500));

    assertThat(comparison().worse(MARGINS)).containsExactly(SPEED);
    assertThat(Compare.code(comparison(), MARGINS)).isEqualTo(1);
    assertThat(Compare.told(comparison(), MARGINS)).contains("WORSE", "1 of 2 worse");
    assertThat(comparison().worse(new Margins(30, 10))).isEmpty();
  }

  @Test
  void moreCountsThanTheMarginAreWorse() throws IOException {
    pair(row("deriver, 50 slots", 1_000, 560), row("deriver, 50 slots", 1_000, 500));

    assertThat(comparison().worse(MARGINS)).containsExactly(WAL);
    assertThat(comparison().worse(new Margins(25, 20))).isEmpty();
  }

  @Test
  void moreSpeedAndFewerCountsAreNotWorse() throws IOException {
    pair(row("deriver, 50 slots", 9_000, 50), row("deriver, 50 slots", 1_000, 500));

    assertThat(comparison().worse(MARGINS)).isEmpty();
  }

  @Test
  void othersAndWhatOnlyOneHasAreNotCompared() throws IOException {
    pair(
        row("floor", 1, 500) + "," + row("deriver, new", 1, 500),
        row("floor", 1_000, 500) + "," + row("deriver, old", 1, 500));

    assertThat(comparison().ratios()).isEmpty();
    assertThat(comparison().notCompared())
        .extracting(Subject::contestant)
        .containsExactlyInAnyOrder("deriver, new", "deriver, new", "deriver, old", "deriver, old");
    assertThat(Compare.code(comparison(), MARGINS)).isEqualTo(2);
  }

  @Test
  void runsWithoutTheirPairAreRefused() throws IOException {
    pair(row("deriver", 1, 500), row("deriver", 1, 500));
    write("today/2", row("deriver", 1, 500));

    assertThatThrownBy(this::comparison).hasMessageStartingWith("2 runs of today and 1 of then");
  }

  @Test
  void marginsAreChecked() {
    assertThatThrownBy(() -> new Margins(25, 0))
        .hasMessage("counts is 0; it must be from 1 to 99 percent");
  }

  private void pair(String today, String then) throws IOException {
    write("today/1", today);
    write("then/1", then);
  }

  private Comparison comparison() throws IOException {
    return Comparison.of(
        Results.read(folder.resolve("today")), Results.read(folder.resolve("then")));
  }

  private void write(String run, String rows) throws IOException {
    Path into = Files.createDirectories(folder.resolve(run));
    Files.writeString(into.resolve("drain.json"), "{\"rows\": [" + rows + "]}");
    Files.writeString(into.resolve("hang.json"), "{\"lines\": []}");
    Files.writeString(into.resolve("drain.svg"), "<svg/>");
  }

  private static String row(String name, double perSecond, double walBytes) {
    return """
    {"name": "%s", "perSecond": {"min": 0, "median": %s, "max": 9}, "statements": null,
     "walBytes": {"min": 0, "median": %s, "max": 9}}
    """
        .formatted(name, perSecond, walBytes);
  }
}
