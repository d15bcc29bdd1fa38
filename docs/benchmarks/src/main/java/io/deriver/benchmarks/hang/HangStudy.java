package io.deriver.benchmarks.hang;

import io.deriver.benchmarks.measure.Study;
import io.deriver.benchmarks.server.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How soon after their limit slots come back, of pools in which every run hangs at once. */
public record HangStudy(Server server) {

  private static final List<Integer> SLOTS = List.of(8, 64, 1_000);

  /** The study. */
  public Study of(int rounds) {
    return new Study("hang", "all slots hang, ms", rounds, true, progress -> round());
  }

  private List<Study.Reading> round() throws Exception {
    List<Study.Reading> readings = new ArrayList<>();
    for (int slots : SLOTS) {
      readings.add(
          new Study.Reading(
              String.format(Locale.ROOT, "%,d slots", slots),
              new MassHang(server, slots).measure()));
    }
    return readings;
  }
}
