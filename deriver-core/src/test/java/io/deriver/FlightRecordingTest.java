package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.ClaimId;
import io.deriver.spi.ReapReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invariant 11: runs, timeouts, abandonments, reaped claims and refused writes are recorded. */
class FlightRecordingTest {

  @Test
  void whatAnOnCallEngineerLooksForIsInTheRecording(@TempDir Path folder) throws Exception {
    CompletableFuture<Outcome> never = new CompletableFuture<>();
    Path file = folder.resolve("deriver.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("io.deriver.*");
      recording.start();
      try (PoolFixture fixture =
          PoolFixture.with((unit, run) -> unit.key().equals("good") ? Outcome.done() : never.join())
              .limits(l -> l.timeout(Duration.ofMillis(500)))
              .content(s -> s.put("good", "").put("hangs", "").put("stolen", ""))
              .start()) {
        PoolFixture.until(() -> fixture.pool.health().live() == 2);
        fixture.store.steal("stolen");
        fixture.store.nextReap = reaped();
        PoolFixture.until(() -> fixture.events(PoolEvent.RunAbandoned.class).size() == 2);
        PoolFixture.until(() -> !fixture.events(PoolEvent.WriteRefused.class).isEmpty());
        PoolFixture.until(() -> !fixture.events(PoolEvent.ClaimReaped.class).isEmpty());
        never.complete(Outcome.done());
        PoolFixture.until(() -> fixture.events(PoolEvent.LateReturn.class).size() == 2);
      }
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(of(events, "io.deriver.Run"))
        .filteredOn(e -> e.getString("key").equals("good"))
        .singleElement()
        .satisfies(e -> assertThat(e.getString("end")).isEqualTo("by itself"));
    assertThat(of(events, "io.deriver.Run"))
        .filteredOn(e -> e.getString("key").equals("hangs"))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.getString("end")).isEqualTo("timeout");
              assertThat(e.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(500));
            });
    assertThat(of(events, "io.deriver.RunTimedOut"))
        .filteredOn(e -> e.getString("key").equals("hangs"))
        .singleElement()
        .satisfies(e -> assertThat(e.getString("stack")).contains("FlightRecordingTest"));
    assertThat(of(events, "io.deriver.RunAbandoned")).hasSize(2);
    assertThat(of(events, "io.deriver.ClaimReaped")).isNotEmpty();
    assertThat(of(events, "io.deriver.WriteRefused"))
        .singleElement()
        .satisfies(e -> assertThat(e.getString("key")).isEqualTo("stolen"));
  }

  private static ReapReport reaped() {
    ClaimId claim = new ClaimId("test", "elsewhere", 99, "node-2");
    return new ReapReport(
        List.of(new ReapReport.Reaped(claim, ReapReport.Reason.NODE_EXPIRED, false)),
        false,
        List.of());
  }

  private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
    return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
  }
}
