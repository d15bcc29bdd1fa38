package io.deriver.benchmarks.snapshot;

import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.benchmarks.measure.Wait;
import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import io.deriver.jdbc.PostgresQueue;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pool at its defaults that is under a steady load for so long. */
record LoadedPool(Server server, Duration time) {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final double NANOS_A_SECOND = 1e9;

  /** The figures of its claims, with an old snapshot or without. */
  Map<String, Double> measure(boolean held) throws SQLException {
    LowerBounds bounds = new LowerBounds();
    ClaimTimes times = new ClaimTimes();
    try (Library library = Library.on(server)) {
      PostgresQueue queue =
          PostgresQueue.builder(library.host())
              .maintenanceDataSource(bounds.watching(library.duties()))
              .schema(Server.SCHEMA)
              .installSchema()
              .build();
      try (HeldSnapshot snapshot = held ? new HeldSnapshot(server) : null;
          Pool pool =
              Pool.builder(new ClaimWatch(bounds, times).watching(queue.store()))
                  .name("bench")
                  .processor(Library.NOOP, (unit, run) -> Outcome.done())
                  .start()) {
        return loaded(queue, pool, times, snapshot);
      }
    }
  }

  private Map<String, Double> loaded(
      PostgresQueue queue, Pool pool, ClaimTimes times, @Nullable HeldSnapshot snapshot)
      throws SQLException {
    SteadyLoad load = new SteadyLoad(queue);
    long start = System.nanoTime();
    load.run(time);
    long end = System.nanoTime();
    Wait.until(
        "all items to be done",
        PATIENCE,
        () -> pool.work(Library.NOOP).itemsCompleted() == load.added());
    double seconds = (System.nanoTime() - start) / NANOS_A_SECOND;
    if (snapshot != null) {
      snapshot.requireHeld();
    }
    times.requireSweeps();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("items/s", load.added() / seconds);
    figures.putAll(times.figures(start, end));
    return figures;
  }
}
