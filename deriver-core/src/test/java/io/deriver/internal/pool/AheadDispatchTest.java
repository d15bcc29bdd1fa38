package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.FakeStore;
import io.deriver.Limits;
import io.deriver.TestClock;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimId;
import io.deriver.spi.PoolClock;
import io.deriver.spi.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Invariants 1 and 7: what a pool that claims ahead asks for, and when a slot is worth a pass. */
class AheadDispatchTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestClock time = new TestClock();
  private final PoolClock clock = new HookedClock();
  private final FakeStore store = new FakeStore();
  private final AtomicInteger wakes = new AtomicInteger();
  private String when = "";
  private Runnable meanwhile = () -> {};

  /** Has something happen in the middle of what asks for the time. */
  private final class HookedClock implements PoolClock {
    @Override
    public long nanoTime() {
      String asked = when;
      if (!asked.isEmpty() && isIn(asked)) {
        when = "";
        meanwhile.run();
      }
      return time.nanoTime();
    }

    private static boolean isIn(String method) {
      return StackWalker.getInstance()
          .walk(
              frames ->
                  frames.anyMatch(
                      it -> (it.getClassName() + "." + it.getMethodName()).endsWith(method)));
    }

    @Override
    public void await(Signal signal, long untilNanos) throws InterruptedException {
      time.await(signal, untilNanos);
    }
  }

  /** The rooms that claim and start. */
  private final class Some {
    final Breakers breakers = TestRuns.breakers(clock);
    final Runs runs;
    final ClaimedAhead ahead;
    final Dispatcher dispatcher;

    Some(int slots, Consumer<Limits.Builder> limits) {
      Events events = new Events("test", List.of());
      Outcomes outcomes = new Outcomes(SECOND, () -> {});
      AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
      runs = new Runs(outcomes, abandoned, run -> {}, this::slotFreed);
      ahead = new ClaimedAhead(slots, HOUR, clock, type -> true, (run, why) -> {});
      PoolSettings settings = settings(slots);
      Gates gates = TestRuns.gates(clock);
      dispatcher =
          new Dispatcher(
              settings,
              Map.of("test", TestRuns.served(limits)),
              store,
              runs,
              new Capacity(settings, runs, abandoned, outcomes, breakers, gates, clock, events),
              new RunThreads(body -> new Thread(() -> {}), false, run -> true),
              ahead,
              new LeaseProof(HOUR, clock),
              new ClaimCalls(SECOND, clock),
              TestRuns.pauses(clock),
              breakers,
              clock);
      dispatcher.run();
    }

    private void slotFreed() {
      if (dispatcher.slotFreed()) {
        wakes.incrementAndGet();
      }
    }

    Duration untilItRests() {
      Duration rest = Duration.ZERO;
      for (int n = 0; n < 20 && rest.isZero(); n++) {
        rest = dispatcher.run();
      }
      wakes.set(0);
      return rest;
    }

    Run first() {
      return runs.live().iterator().next();
    }
  }

  private static PoolSettings settings(int slots) {
    PoolSettings like = TestRuns.settings(64, 100);
    return new PoolSettings(
        "test",
        slots,
        slots,
        like.lease(),
        SECOND,
        SECOND,
        SECOND,
        SECOND,
        SECOND,
        SECOND,
        64,
        SECOND,
        100,
        SECOND,
        SECOND,
        false);
  }

  private void put(int keys, Standing standing) {
    for (int n = 0; n < keys; n++) {
      store.put(standing + "" + n, standing);
    }
  }

  @Test
  void keysOnProbationHaveTheirSlotsWhileOthersAreFree() {
    put(4, Standing.PROBATION);
    Some some = new Some(8, limits -> {});
    some.untilItRests();
    assertThat(some.runs.count(Standing.PROBATION)).isEqualTo(2);
  }

  @Test
  void aKeyOnProbationHasItsTurnThoughOneSlotAloneIsFreeAndAsksOften() {
    put(1, Standing.PROBATION);
    Some some = new Some(1, limits -> {});
    for (int n = 0; n < 15; n++) {
      some.untilItRests();
      time.advance(Duration.ofMillis(100));
    }
    assertThat(some.runs.count(Standing.PROBATION)).isEqualTo(1);
  }

  @Test
  void theEndOfOneOnProbationIsWorthAPassThoughSlotsAreFree() {
    put(3, Standing.PROBATION);
    Some some = new Some(8, limits -> {});
    some.untilItRests();
    some.runs.end(some.first(), new RunEnd.ByItself());
    assertThat(wakes).hasValue(1);
  }

  /** A stage, a step or a limit ends a run, and no thread is there to work the next. */
  @Test
  void aSlotThatComesFreeWhileAClaimWaitsIsWorthAPass() {
    put(6, Standing.REGULAR);
    Some some = new Some(4, limits -> {});
    assertThat(some.untilItRests()).isPositive();
    assertThat(some.ahead.count()).isEqualTo(2);
    some.runs.end(some.first(), new RunEnd.ByItself());
    assertThat(wakes).hasValue(1);
    some.dispatcher.run();
    assertThat(some.ahead.count()).isEqualTo(1);
    assertThat(some.runs.size()).isEqualTo(4);
  }

  @Test
  void aSlotThatIsHandedOnIsWorthNoneIfNothingMoreIsThere() {
    put(6, Standing.REGULAR);
    Some some = new Some(4, limits -> {});
    some.untilItRests();
    some.runs.endWithHeir(some.first(), some.ahead);
    assertThat(wakes).hasValue(0);
    assertThat(some.ahead.count()).isEqualTo(1);
  }

  /** The watchdog takes the run out of its slot, the dispatcher looks, then the thread lets go. */
  @Test
  void aClaimThatCouldNotHaveTheSlotAfterAllIsWorthAPass() {
    put(3, Standing.REGULAR);
    Some some = new Some(2, limits -> {});
    some.untilItRests();
    Run first = some.first();
    when = "ClaimedAhead.start";
    meanwhile =
        () -> {
          some.runs.settle(first);
          some.untilItRests();
        };
    assertThat(some.runs.endWithHeir(first, some.ahead)).isTrue();
    assertThat(some.ahead.count()).as("still waiting").isEqualTo(1);
    assertThat(wakes.get()).isPositive();
  }

  /** It would be counted nowhere, and one more of its type would run than may. */
  @Test
  void aClaimThatStartsWhileItsTypeIsCountedIsCounted() {
    store.put("one more", "");
    Some some = new Some(2, limits -> limits.maxConcurrent(1));
    for (String key : List.of("a", "b", "c")) {
      long now = clock.nanoTime();
      some.breakers.of("test").excuses(new Breaker.Failure(key, 1, now, now, true, "down"));
    }
    for (long fence = 101; fence <= 102; fence++) {
      some.runs.add(ofOtherType(fence));
    }
    Run waits = TestRuns.run(clock, 200, limits -> {});
    some.ahead.add(waits.claim(), waits.served(), clock.nanoTime());
    when = "Breaker.room";
    AtomicBoolean started = new AtomicBoolean();
    meanwhile = () -> started.set(some.runs.endWithHeir(some.first(), some.ahead));
    some.dispatcher.run();
    assertThat(started).isTrue();
    assertThat(some.ahead.count("test") + some.runs.count("test")).isEqualTo(1);
  }

  private Run ofOtherType(long fence) {
    Claim like = TestRuns.run(clock, fence, limits -> {}).claim();
    return new Run(
        new Claim(
            new ClaimId("other", "key" + fence, fence, "node-1"),
            1,
            Standing.REGULAR,
            like.items(),
            like.cut(),
            Duration.ZERO),
        TestRuns.served(limits -> {}),
        clock);
  }
}
