package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Invariant 1: what is live is counted and watched, whatever the store numbers its claims by. */
class RunsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestClock clock = new TestClock();
  private final Events events = new Events("test", List.of());
  private final Outcomes outcomes = new Outcomes(SECOND, () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});

  /** After a failover that lost values of the sequence; the slot is of a claim of long ago. */
  @Test
  void aFenceThatComesOnceMoreTakesNobodysPlace() {
    ClaimedAhead ahead = new ClaimedAhead(1, SECOND, clock, type -> true, (run, why) -> {});
    Run first = TestRuns.run(clock, 7, limits -> {});
    Run waits = TestRuns.run(clock, 8, limits -> {});
    runs.add(first);
    ahead.add(waits.claim(), waits.served(), clock.nanoTime());
    runs.endWithHeir(first, ahead);
    Run heir = first.heir();

    Run again = TestRuns.run(clock, 7, limits -> {});
    runs.add(again);

    assertThat(runs.live()).containsExactlyInAnyOrder(heir, again);
  }
}
