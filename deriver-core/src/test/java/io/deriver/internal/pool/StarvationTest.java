package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Limits;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import io.deriver.ZombiePolicy;
import io.deriver.spi.ClaimEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Invariant 11, and 6: a run that no thread comes to is noticed, and when its limit passes so, its
 * attempt is given back, since nothing of the unit's has run.
 */
class StarvationTest {

  private final TestClock clock = new TestClock();
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Closers closers = new Closers("test", 8, abandoned);
  private final Canceller canceller =
      new Canceller(
          new StackSampler(clock),
          new Endings(
              clock,
              text -> text,
              Duration.ofSeconds(7),
              TestRuns.pauses(clock),
              TestRuns.breakers(clock)),
          outcomes,
          closers,
          clock,
          events);
  private final Runs runs = new Runs(outcomes, abandoned, canceller::take, () -> {});

  @BeforeEach
  void start() {
    events.start();
  }

  @AfterEach
  void stop() throws Exception {
    closers.stop();
    events.stop(Duration.ofSeconds(10));
  }

  @Test
  void itIsToldOnceAnInterval() throws Exception {
    StarvationWatch watch = new StarvationWatch(runs, Duration.ofMinutes(1), clock, events);
    Run begun = TestRuns.run(clock, 1, limits -> {});
    begun.startedOn(new Thread());
    runs.add(begun);
    runs.add(TestRuns.run(clock, 2, limits -> {}));
    clock.advance(Duration.ofMillis(999));
    watch.look();
    assertThat(watch.starved()).isEmpty();
    clock.advance(Duration.ofMillis(1));
    watch.look();
    watch.look();
    clock.advance(Duration.ofMinutes(1));
    watch.look();
    events.stop(Duration.ofSeconds(10));
    assertThat(told)
        .hasSize(2)
        .allSatisfy(
            event ->
                assertThat(((PoolEvent.RunsWithoutThread) event).runs())
                    .singleElement()
                    .asString()
                    .contains("key=key2"));
  }

  @Test
  void itsLimitCostsNoAttempt() {
    isGivenBackAtItsLimit(limits -> {});
  }

  @Test
  void itsKeyIsNotHeldSinceItHasNoEffectsToWaitFor() {
    isGivenBackAtItsLimit(limits -> limits.zombiePolicy(ZombiePolicy.hold(Duration.ofHours(1))));
  }

  private void isGivenBackAtItsLimit(Consumer<Limits.Builder> more) {
    Run run = TestRuns.run(clock, limits -> more.accept(limits.timeout(Duration.ofSeconds(1))));
    runs.add(run);
    clock.advance(Duration.ofSeconds(1));
    RunEnd.TimedOut over = run.over(clock.nanoTime());
    assertThat(over).isNotNull();
    runs.end(run, over);

    canceller.run();

    assertThat(runs.size()).as("slots in use").isZero();
    assertThat(abandoned.count()).as("its thread may yet come").isEqualTo(1);
    assertThat(outcomes.take(10))
        .singleElement()
        .extracting(pending -> pending.write().end())
        .isEqualTo(new ClaimEnd.Released(Duration.ofSeconds(7)));
  }

  @Test
  void aThreadThatComesBetweenTheLimitAndItsHandlingCostsNoAttempt() {
    Run run = TestRuns.run(clock, limits -> limits.timeout(Duration.ofSeconds(1)));
    runs.add(run);
    runs.end(run, new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, Duration.ofSeconds(1)));
    run.startedOn(new Thread());

    canceller.run();

    assertThat(outcomes.take(10))
        .singleElement()
        .extracting(pending -> pending.write().end())
        .isInstanceOf(ClaimEnd.Released.class);
  }
}
