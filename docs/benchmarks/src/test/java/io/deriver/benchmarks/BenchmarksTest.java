package io.deriver.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deriver.benchmarks.measure.Settings;
import io.deriver.benchmarks.report.Report;
import io.deriver.benchmarks.report.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guards that each benchmark runs, and counts what can be known beforehand. */
@Timeout(300)
class BenchmarksTest {

  @TempDir private Path folder = Path.of("");

  @Test
  @DisplayName("all of them, small: the floor is itself, its counts are those of its statements")
  void allOfThem() throws Exception {
    List<Report> reports =
        Benchmarks.run(new Settings(Settings.Which.ALL, 1_000, 2, 100, null, folder));

    assertThat(reports).hasSize(3);
    assertThat(reports)
        .allSatisfy(
            report -> {
              assertThat(report.rows().get(0).ofFloor().min()).isEqualTo(1);
              assertThat(report.environment().settings())
                  .containsEntry("fsync", "on")
                  .containsEntry("synchronous_commit", "on");
            });
    Row floor = reports.get(0).rows().get(0);
    // Ten claims, ten deletes, and a claim of each of four threads that finds nothing.
    assertThat(Objects.requireNonNull(floor.statements()).median()).isBetween(0.02, 0.03);
    assertThat(floor.commits().median()).isBetween(0.02, 0.05);
    Row single = reports.get(1).rows().get(0);
    assertThat(Objects.requireNonNull(single.statements()).median()).isEqualTo(1);
    JsonNode written = new ObjectMapper().readTree(folder.resolve("drain.json").toFile());
    assertThat(written.at("/rows/0/samples").size()).isEqualTo(2);
  }
}
