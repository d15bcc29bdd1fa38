package io.deriver.soak.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.soak.ledger.Fault;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Guards that the seed alone decides what is done when, and that there is enough of everything. */
class FaultPlanTest {

  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final Set<Fault> KILLING = Set.of(Fault.KILL, Fault.HOLD);

  private static FaultPlan plan(long seed) {
    return new FaultPlan(
        seed, Duration.ofMinutes(1), Duration.ofMillis(1_100), 3, FaultPlan.EVERYTHING);
  }

  @Test
  void theSameSeedIsTheSamePlan() {
    assertThat(plan(7).faults(LEASE)).isEqualTo(plan(7).faults(LEASE));
    assertThat(plan(7).faults(LEASE)).isNotEqualTo(plan(8).faults(LEASE));
  }

  @Test
  void aMinuteHasEnoughOfEachKind() {
    for (long seed = 0; seed < 100; seed++) {
      assertThat(plan(seed).faults(LEASE))
          .as("seed %d", seed)
          .satisfies(
              faults -> {
                assertThat(faults.stream().filter(f -> KILLING.contains(f.fault())).count())
                    .isGreaterThanOrEqualTo(10);
                assertThat(faults.stream().filter(f -> f.lasts().compareTo(LEASE) > 0).count())
                    .isGreaterThanOrEqualTo(6);
                assertThat(faults).allMatch(f -> f.at().compareTo(Duration.ofMinutes(1)) < 0);
              });
    }
  }
}
