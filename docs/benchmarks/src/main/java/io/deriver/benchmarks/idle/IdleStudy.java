package io.deriver.benchmarks.idle;

import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.benchmarks.measure.Study;
import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a pool at its defaults asks of the server while nothing is there to do.
 *
 * @param time that is measured, after as long a one in which the pool comes to rest
 */
public record IdleStudy(Server server, Duration time) {

  private static final double SECONDS_A_MINUTE = 60;

  /** The study; one round of it says all. */
  public Study study() {
    return new Study(
        "idle",
        String.format(Locale.ROOT, "idle for %d s, a minute of it", time.toSeconds()),
        1,
        false,
        this::round);
  }

  private List<Study.Reading> round(Consumer<String> progress) throws Exception {
    try (Library library = Library.on(server);
        Connection control = server.control();
        Pool pool =
            Pool.builder(library.queue().store())
                .name("bench")
                .processor(Library.NOOP, (unit, run) -> Outcome.done())
                .start()) {
      // Or else autovacuum would tidy up soon what installing has left.
      server.vacuum("pg_catalog");
      server.vacuum(Server.SCHEMA);
      Thread.sleep(time.toMillis());
      Map<String, Double> figures = measured(control, progress);
      requireWell(pool);
      return List.of(new Study.Reading("deriver", figures));
    }
  }

  private Map<String, Double> measured(Connection control, Consumer<String> progress)
      throws SQLException, InterruptedException {
    Written before = Written.now(control);
    reset(control);
    long start = System.nanoTime();
    Thread.sleep(time.toMillis());
    double minutes = (System.nanoTime() - start) / 1e9 / SECONDS_A_MINUTE;
    List<Said> said = Said.all(control);
    Written written = Written.now(control).since(before);
    said.forEach(
        one ->
            progress.accept(
                String.format(
                    Locale.ROOT,
                    "%5.0f, WAL bytes %.0f: %s",
                    one.calls(),
                    one.walBytes(),
                    one.text())));
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("statements", calls(said, false) / minutes);
    figures.put("BEGIN, SET, COMMIT", calls(said, true) / minutes);
    figures.put("their WAL bytes", said.stream().mapToDouble(Said::walBytes).sum() / minutes);
    figures.put("rows written", written.rows() / minutes);
    figures.put("anybody's transactions that wrote", written.transactions() / minutes);
    figures.put("anybody's WAL bytes", written.walBytes() / minutes);
    return figures;
  }

  private static void reset(Connection control) throws SQLException {
    try (Statement statement = control.createStatement()) {
      statement.execute("SELECT %s pg_stat_statements_reset()".formatted(Server.CONTROL));
    }
  }

  private static double calls(List<Said> said, boolean apart) {
    return said.stream().filter(one -> one.isApart() == apart).mapToDouble(Said::calls).sum();
  }

  private static void requireWell(Pool pool) {
    if (!pool.health().reasons().isEmpty()) {
      throw new IllegalStateException("the pool is not well: " + pool.health().reasons());
    }
  }
}
