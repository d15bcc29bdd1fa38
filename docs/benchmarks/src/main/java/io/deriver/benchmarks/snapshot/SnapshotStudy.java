package io.deriver.benchmarks.snapshot;

import io.deriver.benchmarks.measure.Study;
import io.deriver.benchmarks.server.Server;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long a pool's claims take under a steady load, without an old snapshot and with one that was
 * taken before.
 *
 * @param time of each
 */
public record SnapshotStudy(Server server, Duration time) {

  private static final Duration WARM_UP = Duration.ofSeconds(10);

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
    Map<String, Double> unused = pool(time.compareTo(WARM_UP) < 0 ? time : WARM_UP).measure(false);
    Map<String, Double> usual = pool(time).measure(false);
    Map<String, Double> held = pool(time).measure(true);
    return List.of(
        new Study.Reading("no old snapshot", compared(usual, usual)),
        new Study.Reading("one held from the start", compared(held, usual)));
  }

  private LoadedPool pool(Duration length) {
    return new LoadedPool(server, length);
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
}
