package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Invariants 1 and 6: that a run can have no heir, for want of memory say, is not held against it.
 */
class HeirlessTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestClock clock = new TestClock();
  private final Events events = new Events("test", List.of());
  private final Outcomes outcomes = new Outcomes(SECOND, () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final AtomicInteger freed = new AtomicInteger();
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, freed::incrementAndGet);

  @Test
  void itsOwnOutcomeIsWrittenAndItsSlotIsFree() {
    ClaimedAhead ahead =
        new ClaimedAhead(
            1,
            SECOND,
            clock,
            type -> {
              throw new InternalError("staged");
            },
            (run, why) -> {});
    Run waits = TestRuns.run(clock, 2, limits -> {});
    ahead.add(waits.claim(), waits.served(), clock.nanoTime());
    Run run = TestRuns.run(clock, 1, limits -> {});
    runs.add(run);
    run.startedOn(Thread.currentThread());
    RunReturn returns = new RunReturn(runs, abandoned, outcomes, TestRuns.endings(clock), ahead);
    assertThat(returns.endedWith(run, TestRuns.endings(clock).completed(run))).isTrue();
    assertThat(outcomes.ready()).isEqualTo(1);
    assertThat(runs.size()).isZero();
    assertThat(ahead.count()).as("the dispatcher deals with it").isEqualTo(1);
    assertThat(freed.get()).isPositive();
  }
}
