package io.deriver.benchmarks.snapshot;

import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.benchmarks.measure.Study;
import io.deriver.benchmarks.measure.Wait;
import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import io.deriver.jdbc.PostgresQueue;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long a pool's claims take under a steady load, without an old snapshot and with one that was
 * taken before.
 *
 * @param time of each
 */
public record SnapshotStudy(Server server, Duration time) {

  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** The study; one round of it is long. */
  public Study study() {
    return new Study(
        "snapshot",
        String.format(
            Locale.ROOT, "%d items a second for %d s, ms", SteadyLoad.RATE, time.toSeconds()),
        1,
        false,
        progress -> round());
  }

  private List<Study.Reading> round() throws SQLException {
    Map<String, Double> unused = measured(time.compareTo(WARM_UP) < 0 ? time : WARM_UP, false);
    Map<String, Double> usual = measured(time, false);
    Map<String, Double> held = measured(time, true);
    List<Study.Reading> readings = new ArrayList<>();
    readings.add(new Study.Reading("no old snapshot", compared(usual, usual)));
    readings.add(new Study.Reading("one held from the start", compared(held, usual)));
    return readings;
  }

  private static Map<String, Double> compared(
      Map<String, Double> figures, Map<String, Double> usual) {
    Map<String, Double> compared = new LinkedHashMap<>(figures);
    compared.put(
        ClaimTimes.COMPARED + ", of usual",
        figures.getOrDefault(ClaimTimes.COMPARED, 0.0)
            / usual.getOrDefault(ClaimTimes.COMPARED, 0.0));
    return compared;
  }

  private Map<String, Double> measured(Duration length, boolean held) throws SQLException {
    LowerBounds bounds = new LowerBounds();
    ClaimTimes claims = new ClaimTimes(bounds);
    try (Library library = Library.on(server)) {
      PostgresQueue queue =
          PostgresQueue.builder(library.host())
              .maintenanceDataSource(bounds.watching(library.duties()))
              .schema(Server.SCHEMA)
              .installSchema()
              .build();
      try (HeldSnapshot snapshot = held ? new HeldSnapshot(server) : null;
          Pool pool =
              Pool.builder(claims.watching(queue.store()))
                  .name("bench")
                  .processor(Library.NOOP, (unit, run) -> Outcome.done())
                  .start()) {
        return loaded(length, queue, pool, claims, snapshot);
      }
    }
  }

  private Map<String, Double> loaded(
      Duration length,
      PostgresQueue queue,
      Pool pool,
      ClaimTimes claims,
      @Nullable HeldSnapshot snapshot)
      throws SQLException {
    SteadyLoad load = new SteadyLoad(queue);
    long start = System.nanoTime();
    load.run(length);
    long end = System.nanoTime();
    Wait.until(
        "all items to be done",
        PATIENCE,
        () -> pool.work(Library.NOOP).itemsCompleted() == load.added());
    double seconds = (System.nanoTime() - start) / 1e9;
    if (snapshot != null) {
      snapshot.requireHeld();
    }
    claims.requireSweeps();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("items/s", load.added() / seconds);
    figures.putAll(claims.figures(start, end));
    return figures;
  }
}
