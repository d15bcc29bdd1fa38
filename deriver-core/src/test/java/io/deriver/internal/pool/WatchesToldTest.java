package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolEvent;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Invariants 9 and 11: what only time shows is told when it is so, and not at each look. */
class WatchesToldTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration NANO = Duration.ofNanos(1);

  private final TestClock clock = new TestClock();
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(2, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});

  private void endByForce(long fence) {
    Run run = TestRuns.run(clock, fence, limits -> {});
    runs.add(run);
    runs.end(run, new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
  }

  private <T extends PoolEvent> List<T> told(Class<T> kind) throws Exception {
    events.start();
    events.stop(Duration.ofSeconds(10));
    return told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void thatOnlyARestartHelpsIsToldOnceAndOnlyOnceThePoolHasStoodAtItsCap() throws Exception {
    SaturationWatch watch =
        new SaturationWatch(
            TestRuns.settings(2, 100), abandoned, () -> {}, Runnable::run, clock, events);
    watch.look();
    clock.advance(Duration.ofHours(1));
    endByForce(1);
    endByForce(2);
    watch.look();
    assertThat(watch.onlyARestartHelps()).as("that none came back for an hour").isFalse();
    clock.advance(SECOND);
    watch.look();
    clock.advance(SECOND);
    watch.look();
    assertThat(told(PoolEvent.RestartNeeded.class))
        .containsExactly(new PoolEvent.RestartNeeded(2, Duration.ofHours(1).plus(SECOND)));
  }

  @Test
  void runsToWhichNoThreadComesAreToldAtEachInterval() throws Exception {
    StarvationWatch watch = new StarvationWatch(runs, Duration.ofMinutes(1), clock, events);
    runs.add(TestRuns.run(clock, limits -> {}));
    clock.advance(SECOND.minus(NANO));
    watch.look();
    clock.advance(NANO);
    for (int i = 0; i < 3; i++) {
      watch.look();
    }
    clock.advance(Duration.ofMinutes(1).minus(NANO));
    watch.look();
    clock.advance(NANO);
    watch.look();
    assertThat(told(PoolEvent.RunsWithoutThread.class))
        .hasSize(2)
        .allSatisfy(event -> assertThat(event.count()).isEqualTo(1));
  }

  @Test
  void whatIsToldIsCountedThoughNobodyListens() throws Exception {
    Events quiet = new Events("quiet", List.of());
    quiet.publish(
        new PoolEvent.UnitCompleted(TestRuns.run(clock, limits -> {}).id(), 1, 4, SECOND));
    assertThat(quiet.tally().counts("test").itemsCompleted()).isEqualTo(4);
    quiet.end();
    quiet.start();
    quiet.stop(Duration.ofSeconds(10));
  }

  /** A queue that nobody takes from keeps so many, drops the others, and says how many. */
  @Test
  void whatDoesNotFitIsDroppedAndToldOnceThereIsRoom() throws Exception {
    List<PoolEvent> taken = new CopyOnWriteArrayList<>();
    EventQueue queue = new EventQueue("test", "counter", taken::add);
    for (int i = 0; i < 4_096 + 3; i++) {
      queue.offer(new PoolEvent.Resumed(i));
    }
    queue.start();
    queue.stop(Duration.ofSeconds(30));
    assertThat(taken).hasSize(4_096 + 1);
    assertThat(taken.get(1)).isEqualTo(new PoolEvent.EventsDropped("counter", 3));
    assertThat(taken.get(4_096)).isEqualTo(new PoolEvent.Resumed(4_095));
  }
}
