package io.deriver.benchmarks.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guards that a plot says what was measured. */
class BarsTest {

  private static final int SMALL = 20_000;

  @TempDir private Path folder = Path.of("");

  @Test
  void namesSubjectsFiguresAndValues() throws Exception {
    Bars bars =
        new Bars(
            "draining",
            List.of("floor", "deriver, 50 slots"),
            List.of(
                new Bars.Column("of the floor", List.of(1.0, 0.17)),
                new Bars.Column("WAL bytes", List.of(472.0, 1_564.0))));

    Path file = bars.writeInto(folder, "drain");

    assertThat(file).hasFileName("drain.svg");
    assertThat(Files.readString(file))
        .startsWith("<?xml")
        .contains("<svg", "draining", "deriver, 50 slots", ">of the floor<", ">0.17<", ">1,564<")
        .hasSizeLessThan(SMALL);
  }
}
