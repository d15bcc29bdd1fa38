package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Backoff;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Invariant 11: what only time shows is looked for whatever else breaks. */
class SentinelTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestClock clock = new TestClock();
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(2, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void oneWatchThatFailsDoesNotBlindTheOthers() {
    Sentinel.Watch broken =
        () -> {
          throw new OutOfMemoryError("for the test");
        };
    Sentinel sentinel = new Sentinel(SECOND, List.of(broken, calls::incrementAndGet, broken));
    assertThatThrownBy(sentinel::run).hasMessageContaining("for the test");
    assertThat(calls).hasValue(1);
  }

  @Test
  void outcomesThatNobodyTakesAreAStall() throws Exception {
    Duty dispatcher =
        new Duty(
            "test", "dispatcher", clock, events, Backoff.standard(), SECOND, () -> Duration.ZERO);
    StallWatch watch =
        new StallWatch(
            TestRuns.settings(2, 1),
            runs,
            abandoned,
            outcomes,
            new StackSampler(clock),
            dispatcher,
            clock,
            events);
    events.start();
    Run run = TestRuns.run(clock, 1, limits -> {});
    runs.add(run);
    runs.end(run, new RunEnd.ByItself());
    watch.look();
    clock.advance(SECOND);
    watch.look();
    clock.advance(SECOND);
    watch.look();

    events.stop(Duration.ofSeconds(10));
    assertThat(told)
        .hasSize(2)
        .allSatisfy(
            event -> assertThat(((PoolEvent.Stalled) event).why()).contains("wait to be written"));
  }
}
