package io.deriver.internal.pool;

import io.deriver.Health.RunInfo;
import io.deriver.spi.PoolClock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Names runs for people: the oldest first. */
final class RunNames {

  static final int SHOWN = 10;

  private RunNames() {}

  static List<String> oldest(Collection<Run> runs, PoolClock clock) {
    return oldest(runs, clock, run -> "").stream().map(RunNames::line).toList();
  }

  static List<RunInfo> oldest(Collection<Run> runs, PoolClock clock, Function<Run, String> stack) {
    return infos(runs, SHOWN, clock, stack);
  }

  /** All of them, the oldest first. */
  static List<RunInfo> all(Collection<Run> runs, PoolClock clock, Function<Run, String> stack) {
    return infos(runs, Integer.MAX_VALUE, clock, stack);
  }

  private static List<RunInfo> infos(
      Collection<Run> runs, int most, PoolClock clock, Function<Run, String> stack) {
    long now = clock.nanoTime();
    return runs.stream()
        .sorted(Comparator.comparing((Run run) -> run.age(now)).reversed())
        .limit(most)
        .map(
            run ->
                new RunInfo(
                    run.id().type(),
                    run.id().key(),
                    run.fence(),
                    run.attempt(),
                    run.age(now),
                    stack.apply(run)))
        .toList();
  }

  static String line(RunInfo run) {
    String named =
        "type=%s key=%s attempt=%d fence=%d for %s"
            .formatted(run.type(), run.key(), run.attempt(), run.fence(), run.age());
    return run.stack().isEmpty() ? named : named + " at " + ErrorText.top(run.stack());
  }
}
