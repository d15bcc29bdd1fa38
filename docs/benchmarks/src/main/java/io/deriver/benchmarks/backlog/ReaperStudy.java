package io.deriver.benchmarks.backlog;

import io.deriver.benchmarks.measure.Sizes;
import io.deriver.benchmarks.measure.Study;
import io.deriver.benchmarks.server.Server;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What a reaper's pass and a renewal cost with 1,000 claims live, beside keys that wait.
 *
 * @param largest how many of them there are, after few
 */
public record ReaperStudy(Server server, int largest) {

  /** The study; one round of it has many calls. */
  public Study study() {
    return new Study("reaper", "1,000 live claims, beside so many keys", 1, false, this::round);
  }

  private List<Study.Reading> round(Consumer<String> progress)
      throws SQLException, InterruptedException {
    Map<Integer, Map<String, Double>> renewals = new LinkedHashMap<>();
    Map<Integer, Map<String, Double>> passes = new LinkedHashMap<>();
    for (int size : new TreeSet<>(List.of(Sizes.SMALLEST, largest))) {
      ReaperCost.Costs costs = new ReaperCost(server, size).measure();
      renewals.put(size, costs.renewal());
      passes.put(size, costs.pass());
      progress.accept(String.format(Locale.ROOT, "%,d keys: %s", size, costs));
    }
    return List.of(
        new Study.Reading("renewal", Sizes.growth(renewals)),
        new Study.Reading("reaper's pass", Sizes.growth(passes)));
  }
}
