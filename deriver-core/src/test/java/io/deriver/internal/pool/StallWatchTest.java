package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Backoff;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Invariant 11: a pool in which nothing ends says why, for how long, and where its runs are. */
class StallWatchTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestClock clock = new TestClock();
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(2, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});
  private Duty.Pass pass = () -> Duty.UNTIL_WOKEN;
  private final Duty dispatcher =
      new Duty(
          "test",
          "dispatcher",
          clock,
          events,
          Backoff.exponential(Duration.ofHours(1), Duration.ofHours(1)),
          SECOND,
          () -> pass.run());
  private final StallWatch watch =
      new StallWatch(
          TestRuns.settings(2, 2),
          runs,
          abandoned,
          outcomes,
          new StackSampler(clock),
          dispatcher,
          clock,
          events);

  private Run live(long fence) {
    Run run = TestRuns.run(clock, fence, limits -> {});
    runs.add(run);
    return run;
  }

  private void lookAfter(Duration time) {
    clock.advance(time);
    watch.look();
  }

  /** What was told of stalls, now that all is. */
  private List<PoolEvent.Stalled> stalls() throws Exception {
    events.start();
    events.stop(Duration.ofSeconds(10));
    return told.stream()
        .filter(PoolEvent.Stalled.class::isInstance)
        .map(PoolEvent.Stalled.class::cast)
        .toList();
  }

  @Test
  void runsOfWhichNoneEndsAreToldAtEachInterval() throws Exception {
    live(1);
    watch.look();
    lookAfter(SECOND.minusNanos(1));
    lookAfter(Duration.ofNanos(1));
    lookAfter(SECOND.dividedBy(2));
    lookAfter(SECOND.dividedBy(2));
    List<PoolEvent.Stalled> stalls = stalls();
    assertThat(stalls)
        .extracting(PoolEvent.Stalled::since)
        .containsExactly(SECOND, SECOND.multipliedBy(2));
    assertThat(stalls.get(0).why()).isEqualTo("runs are live and none of them ends");
    assertThat(stalls.get(0).runs())
        .singleElement()
        .asString()
        .startsWith("type=test key=key1 attempt=1 fence=1 for PT1S at (no stack");
  }

  @Test
  void aRunThatEndsBeginsTheTimeAnew() throws Exception {
    Run ends = live(1);
    live(2);
    watch.look();
    clock.advance(SECOND.minusNanos(1));
    runs.end(ends, new RunEnd.ByItself());
    watch.look();
    lookAfter(SECOND.minusNanos(1));
    lookAfter(Duration.ofNanos(1));
    assertThat(stalls()).extracting(PoolEvent.Stalled::since).containsExactly(SECOND);
  }

  @Test
  void anIdlePoolIsNotStalled() throws Exception {
    lookAfter(SECOND);
    lookAfter(SECOND);
    live(1);
    lookAfter(SECOND.minusNanos(1));
    assertThat(stalls()).isEmpty();
  }

  @Test
  void atTheCapTheThreadsThatAreAwayAreNamed() throws Exception {
    for (long fence = 1; fence <= 2; fence++) {
      runs.end(live(fence), new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
    }
    live(3);
    watch.look();
    lookAfter(SECOND);
    List<PoolEvent.Stalled> stalls = stalls();
    assertThat(stalls).hasSize(1);
    assertThat(stalls.get(0).why()).startsWith("the pool stands at its cap");
    assertThat(stalls.get(0).runs())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).containsAnyOf("fence=1", "fence=2"));
  }

  @Test
  void outcomesUpToTheMostThatMayWaitAreAStallFewerAreNot() throws Exception {
    runs.end(live(1), new RunEnd.ByItself());
    watch.look();
    lookAfter(SECOND);
    runs.end(live(2), new RunEnd.ByItself());
    watch.look();
    lookAfter(SECOND);
    assertThat(stalls())
        .singleElement()
        .satisfies(stall -> assertThat(stall.why()).contains("wait to be written"));
  }

  private void assertStalled(String why) throws Exception {
    assertThat(stalls()).singleElement().satisfies(stall -> assertThat(stall.why()).isEqualTo(why));
  }

  @Test
  void claimingThatFailsIsAStallThoughNothingIsLive() throws Exception {
    pass =
        () -> {
          throw new IllegalStateException("for the test");
        };
    Duration unused = dispatcher.once();
    watch.look();
    lookAfter(SECOND);
    assertStalled("claiming fails: java.lang.IllegalStateException: for the test");
  }

  @Test
  void aCallThatDoesNotComeBackIsAStallThoughNothingIsLive() throws Exception {
    pass =
        () -> {
          clock.advance(SECOND);
          watch.look();
          lookAfter(Duration.ofNanos(1));
          lookAfter(SECOND);
          return Duty.UNTIL_WOKEN;
        };
    Duration unused = dispatcher.once();
    assertStalled("a call of the dispatcher's has not come back for PT2.000000001S");
  }
}
