package io.deriver.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deriver.benchmarks.measure.Settings;
import io.deriver.benchmarks.report.Line;
import io.deriver.benchmarks.report.RaceReport;
import io.deriver.benchmarks.report.Report;
import io.deriver.benchmarks.report.Row;
import io.deriver.benchmarks.report.StudyReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guards that each benchmark runs, and counts what can be known beforehand. */
@Timeout(1_200)
class BenchmarksTest {

  @TempDir private Path folder = Path.of("");

  @Test
  @DisplayName("all of them, small: the floor is itself, its counts are those of its statements")
  void allOfThem() throws Exception {
    List<Report> reports =
        Benchmarks.run(new Settings(Settings.Which.ALL, 1_000, 2, 100, 1, 1_000, 1, null, folder));

    assertThat(reports).hasSize(13);
    assertThat(reports)
        .allSatisfy(
            report ->
                assertThat(report.environment().settings())
                    .containsEntry("fsync", "on")
                    .containsEntry("synchronous_commit", "on"));
    List<RaceReport> races = of(reports, RaceReport.class);
    assertThat(races)
        .allSatisfy(race -> assertThat(race.rows().get(0).ofFloor().min()).isEqualTo(1));
    Row floor = races.get(0).rows().get(0);
    // Ten claims, ten deletes, and a claim of each of four threads that finds nothing.
    assertThat(Objects.requireNonNull(floor.statements()).median()).isBetween(0.02, 0.03);
    assertThat(floor.commits().median()).isBetween(0.02, 0.05);
    // Its claim and its deletion leave one each; that it is deleted at once leaves one.
    assertThat(Objects.requireNonNull(floor.deadRows()).max()).isEqualTo(2);
    Row atOnce = races.get(0).rows().get(1);
    assertThat(Objects.requireNonNull(atOnce.deadRows()).max()).isEqualTo(1);
    assertThat(atOnce.hotShare()).isNull();
    Row single = races.get(2).rows().get(0);
    assertThat(Objects.requireNonNull(single.statements()).median()).isEqualTo(1);
    assertThat(of(reports, StudyReport.class))
        .extracting(study -> study.lines().size())
        .containsExactly(3, 1, 3, 5, 2, 2, 2, 6, 3);
    Line renewal = of(reports, StudyReport.class).get(4).lines().get(0);
    assertThat(Objects.requireNonNull(renewal.figures().get("rows written at 1,000")).max())
        .isEqualTo(1);
    ObjectMapper json = new ObjectMapper();
    JsonNode drain = json.readTree(folder.resolve("drain.json").toFile());
    assertThat(drain.at("/rows/0/samples").size()).isEqualTo(2);
    JsonNode hang = json.readTree(folder.resolve("hang.json").toFile());
    assertThat(hang.at("/lines/0/figures/p99/median").isNumber()).isTrue();
    assertThat(folder.resolve("drain.svg")).content().contains("<svg");
    JsonNode memory = json.readTree(folder.resolve("memory.json").toFile());
    double run = memory.at("/lines/0/figures/a run and its thread/median").asDouble();
    assertThat(run).as("heap of a run, bytes").isBetween(100.0, 5e3);
  }

  private static <T> List<T> of(List<Report> reports, Class<T> kind) {
    return reports.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
