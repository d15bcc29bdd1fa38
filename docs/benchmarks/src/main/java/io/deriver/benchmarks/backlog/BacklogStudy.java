package io.deriver.benchmarks.backlog;

import io.deriver.benchmarks.measure.Sizes;
import io.deriver.benchmarks.measure.Study;
import io.deriver.benchmarks.server.Server;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a claimed unit costs beside a backlog that grows, for each kind of keys that it can be of.
 *
 * @param largest how many keys the largest has
 */
public record BacklogStudy(Server server, int largest) {

  /** The study; one round of it has many calls. */
  public Study study() {
    return new Study("backlog", "a claimed unit, beside so many keys", 1, false, this::round);
  }

  private List<Study.Reading> round(Consumer<String> progress) throws SQLException {
    // Or else the JVM would still be compiling at the first size.
    Map<String, Double> unused = new ClaimCost(server, Kind.WAITING, Sizes.SMALLEST).measure();
    List<Study.Reading> readings = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      Map<Integer, Map<String, Double>> bySize = new LinkedHashMap<>();
      for (int size : Sizes.upTo(largest)) {
        Map<String, Double> figures = new ClaimCost(server, kind, size).measure();
        bySize.put(size, figures);
        progress.accept(String.format(Locale.ROOT, "%s, %,d keys: %s", kind, size, figures));
      }
      readings.add(new Study.Reading(kind.toString(), Sizes.growth(bySize)));
    }
    return readings;
  }
}
