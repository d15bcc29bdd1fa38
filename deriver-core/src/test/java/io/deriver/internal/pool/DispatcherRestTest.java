package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.FakeStore;
import io.deriver.TestClock;
import io.deriver.internal.PoolSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Guards that a dispatcher that may claim nothing rests, and does not ask over and over. */
class DispatcherRestTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestClock clock = new TestClock();
  private final Events events = new Events("test", List.of());
  private final TypePauses pauses = TestRuns.pauses(clock);
  private final Breakers breakers = TestRuns.breakers(clock);
  private final Dispatcher dispatcher = dispatcher(TestRuns.settings(64, 100));

  private Dispatcher dispatcher(PoolSettings settings) {
    Outcomes outcomes = new Outcomes(SECOND, () -> {});
    AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
    Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});
    Gates gates = TestRuns.gates(clock);
    return new Dispatcher(
        settings,
        Map.of("test", TestRuns.served(limits -> {})),
        new FakeStore(),
        runs,
        new Capacity(settings, runs, abandoned, outcomes, breakers, gates, clock, events),
        new RunThreads(Thread::new, true, run -> true),
        TestRuns.noneAhead(clock),
        new LeaseProof(SECOND, clock),
        new ClaimCalls(SECOND, clock),
        pauses,
        breakers,
        clock);
  }

  /** What a provider's short Retry-After does while the breaker waits for longer. */
  @Test
  void aPauseThatIsOverWhileTheBreakerStandsOpenEndsNoRest() {
    Breaker breaker = breakers.of("test");
    for (String key : List.of("a", "b", "c")) {
      long now = clock.nanoTime();
      breaker.excuses(new Breaker.Failure(key, 1, now, now, true, "down"));
    }
    breaker.claimed();
    assertThat(breaker.room()).as("until the next probe").isZero();
    pauses.pause("test", Duration.ofMillis(1), "asked to wait");
    clock.advance(Duration.ofMillis(2));

    dispatcher.run();

    assertThat(dispatcher.run()).isPositive();
  }
}
