package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.FakeStore;
import io.deriver.TestClock;
import io.deriver.internal.PoolSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Guards when the store is asked for work, and how long the rest between two questions is. */
class DispatcherPollsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MIN = Duration.ofSeconds(1);

  private final TestClock clock = new TestClock();
  private final FakeStore store = new FakeStore();
  private final Events events = new Events("test", List.of());
  private final Breakers breakers = TestRuns.breakers(clock);
  private final Outcomes outcomes = new Outcomes(SECOND, () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});
  private final Dispatcher dispatcher = begun();

  private Dispatcher begun() {
    PoolSettings settings =
        new PoolSettings(
            "test",
            1,
            0,
            Duration.ofSeconds(34),
            SECOND,
            SECOND,
            SECOND,
            SECOND,
            MIN,
            Duration.ofHours(1),
            64,
            SECOND,
            100,
            SECOND,
            SECOND,
            false);
    Dispatcher made =
        new Dispatcher(
            settings,
            Map.of("test", TestRuns.served(limits -> {})),
            store,
            runs,
            new Capacity(
                settings,
                runs,
                abandoned,
                outcomes,
                breakers,
                TestRuns.gates(clock),
                clock,
                events),
            new RunThreads(body -> new Thread(() -> {}), false, run -> true),
            TestRuns.noneAhead(clock),
            new LeaseProof(SECOND, clock),
            new ClaimCalls(SECOND, clock),
            TestRuns.pauses(clock),
            breakers,
            clock);
    assertThat(made.run()).as("where in the first rest it begins").isBetween(Duration.ZERO, MIN);
    return made;
  }

  private void endTheLiveRun() {
    for (Run run : runs.live()) {
      runs.end(run, new RunEnd.ByItself());
    }
    outcomes.take(9).forEach(write -> outcomes.paid(write.fence()));
  }

  /** The rests grow from the least to the most, and begin anew once there is work. */
  @Test
  void restsGrowUntilThereIsWork() {
    assertThat(dispatcher.run()).isBetween(MIN.multipliedBy(3).dividedBy(4), MIN);
    assertThat(dispatcher.run()).isGreaterThan(MIN);
    assertThat(dispatcher.run()).isGreaterThan(MIN.multipliedBy(2));
    store.put("a", "");
    assertThat(dispatcher.run()).as("there may be more").isZero();
    endTheLiveRun();
    assertThat(dispatcher.run()).isLessThanOrEqualTo(MIN);
  }

  @Test
  void aHintThatFindsNothingIsFollowedUpSoonAndBeginsTheRestsAnew() {
    dispatcher.run();
    dispatcher.run();
    dispatcher.hint();
    assertThat(dispatcher.run()).isPositive().isLessThan(MIN.dividedBy(2));
    assertThat(dispatcher.run()).isBetween(MIN.dividedBy(2), MIN);
  }

  @Test
  void whileItIsPausedNothingIsAsked() {
    dispatcher.pause();
    assertThat(dispatcher.isPaused()).isTrue();
    assertThat(dispatcher.run()).isEqualTo(Duty.UNTIL_WOKEN);
    assertThat(store.claims).hasValue(0);
    dispatcher.resume();
    assertThat(dispatcher.isPaused()).isFalse();
    dispatcher.run();
    assertThat(store.claims).hasValue(1);
    dispatcher.drain();
    assertThat(dispatcher.isDraining()).isTrue();
    assertThat(dispatcher.run()).isEqualTo(Duty.UNTIL_WOKEN);
    assertThat(store.claims).hasValue(1);
  }

  @Test
  void aSlotThatComesBackIsWorthAPassOnlyWhereOneWasWanted() {
    dispatcher.run();
    assertThat(dispatcher.slotFreed()).as("all were free, and there was no work").isFalse();
    store.put("a", "");
    dispatcher.run();
    assertThat(dispatcher.run()).as("no slot is free").isEqualTo(Duty.UNTIL_WOKEN);
    assertThat(dispatcher.slotFreed()).isTrue();
  }

  @Test
  void aTypeForWhichThereIsNoRoomIsNotAskedFor() {
    Breaker breaker = breakers.of("test");
    for (String key : List.of("a", "b", "c")) {
      long now = clock.nanoTime();
      boolean unused = breaker.excuses(new Breaker.Failure(key, 1, now, now, true, "down"));
    }
    breaker.claimed();
    dispatcher.run();
    assertThat(store.claims).hasValue(0);
    clock.advance(SECOND);
    dispatcher.run();
    assertThat(store.claims).as("the next probe is due").hasValue(1);
  }
}
