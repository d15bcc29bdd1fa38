package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Limits;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Invariant 1, to the nanosecond: which limit ends a run, and when. */
class RunLimitsTest {

  private static final Duration NANO = Duration.ofNanos(1);

  private final TestClock clock = new TestClock();

  @Test
  void theTimeoutEndsARunNotANanosecondBefore() {
    Run run = run(l -> l.timeout(Duration.ofSeconds(10)));
    clock.advance(Duration.ofSeconds(10).minus(NANO));
    assertThat(run.over(clock.nanoTime())).isNull();
    assertThat(run.timeRemaining()).isEqualTo(NANO);
    clock.advance(NANO);
    assertThat(run.over(clock.nanoTime()))
        .isEqualTo(new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, Duration.ofSeconds(10)));
  }

  @Test
  void progressNeverExtendsTheTimeout() {
    Run run = run(l -> l.timeout(Duration.ofSeconds(10)).idleTimeout(Duration.ofSeconds(2)));
    for (int i = 0; i < 10; i++) {
      assertThat(run.over(clock.nanoTime())).isNull();
      clock.advance(Duration.ofSeconds(1));
      run.progress();
    }
    assertThat(limit(run)).isEqualTo(RunEnd.Limit.TIMEOUT);
  }

  @Test
  void theIdleLimitCountsFromTheLastProgress() {
    Run run = run(l -> l.timeout(Duration.ofSeconds(10)).idleTimeout(Duration.ofSeconds(2)));
    clock.advance(Duration.ofSeconds(1));
    run.progress();
    clock.advance(Duration.ofSeconds(2).minus(NANO));
    assertThat(run.over(clock.nanoTime())).isNull();
    clock.advance(NANO);
    assertThat(limit(run)).isEqualTo(RunEnd.Limit.IDLE_TIMEOUT);
  }

  @Test
  void theFirstProgressHasALimitOfItsOwn() {
    Consumer<Limits.Builder> limits =
        l ->
            l.timeout(Duration.ofSeconds(10))
                .firstProgressTimeout(Duration.ofSeconds(5))
                .idleTimeout(Duration.ofSeconds(2));
    Run silent = run(limits);
    clock.advance(Duration.ofSeconds(5).minus(NANO));
    assertThat(silent.over(clock.nanoTime())).isNull();
    clock.advance(NANO);
    assertThat(limit(silent)).isEqualTo(RunEnd.Limit.FIRST_PROGRESS_TIMEOUT);
    Run talking = run(limits);
    talking.progress();
    clock.advance(Duration.ofSeconds(2));
    assertThat(limit(talking)).isEqualTo(RunEnd.Limit.IDLE_TIMEOUT);
  }

  private RunEnd.Limit limit(Run run) {
    RunEnd.TimedOut end = run.over(clock.nanoTime());
    assertThat(end).isNotNull();
    return end.limit();
  }

  private Run run(Consumer<Limits.Builder> limits) {
    return TestRuns.run(clock, limits);
  }
}
