package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.FakeStore;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.TestClock;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.NodeStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Guards what the dispatcher asks for, in which turn, and how long it rests. */
class DispatcherTurnsTest {

  private final TestClock clock = new TestClock();
  private final FakeStore store = new FakeStore();
  private final Events events = new Events("test", List.of());
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});
  private final PoolSettings settings = TestRuns.settings(64, 100);
  private final Map<String, Served<?>> served = new LinkedHashMap<>();
  private final Breakers breakers;
  private final Dispatcher dispatcher;

  DispatcherTurnsTest() {
    for (String type : List.of("one", "other")) {
      served.put(
          type,
          new Served<>(
              ItemType.of(type, String.class),
              new Work.OnThread<>((unit, run) -> Outcome.done()),
              Limits.builder().maxConcurrent(4).build()));
    }
    breakers = new Breakers(served.values(), clock, events, () -> {});
    dispatcher =
        new Dispatcher(
            settings,
            served,
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
            new RunThreads(NeverStarted::new, false, run -> true),
            TestRuns.noneAhead(clock),
            new LeaseProof(Duration.ofSeconds(34), clock),
            new ClaimCalls(Duration.ofSeconds(34), clock),
            TestRuns.pauses(clock),
            breakers,
            clock);
    assertThat(dispatcher.run()).as("a random time at first").isNotNull();
  }

  private static final class NeverStarted extends Thread {
    NeverStarted(Runnable body) {
      super(body);
    }

    @Override
    public synchronized void start() {}
  }

  private List<String> typesLive() {
    return runs.live().stream().map(run -> run.id().type()).toList();
  }

  @Test
  void typesTakeTurns() {
    List<String> byAge = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      store.put("key" + i, "");
      assertThat(dispatcher.run()).as("there may be more").isZero();
      if (i % NodeStore.BY_AGE_EVERY == 0) {
        byAge.add(typesLive().get(i - 1));
      }
    }
    assertThat(typesLive()).filteredOn("one"::equals).hasSize(4);
    assertThat(typesLive()).startsWith("one", "other", "one", "other");
    assertThat(byAge).as("first in calls that go by age").containsExactlyInAnyOrder("one", "other");
  }

  @Test
  void aTypeThatHasAsManyRunsAsItMayIsNotAskedFor() {
    for (int i = 0; i < 8; i++) {
      store.put("key" + i, "");
      dispatcher.run();
    }
    assertThat(typesLive()).hasSize(8);
    int claims = store.claims.get();
    runs.live().stream()
        .filter(run -> run.id().type().equals("one"))
        .findFirst()
        .ifPresent(run -> assertThat(runs.end(run, new RunEnd.ByItself())).isTrue());
    for (int i = 0; i < 2; i++) {
      store.put("more" + i, "");
      dispatcher.run();
    }
    assertThat(typesLive()).filteredOn("one"::equals).hasSize(4);
    assertThat(typesLive()).filteredOn("other"::equals).hasSize(4);
    assertThat(store.claims).as("and none where no slot is free").hasValue(claims + 1);
  }

  @Test
  void whereNoSlotIsFreeItRestsUntilOneComesBack() {
    for (int i = 0; i < 8; i++) {
      store.put("key" + i, "");
      dispatcher.run();
    }
    assertThat(dispatcher.run()).isEqualTo(Duty.UNTIL_WOKEN);
    assertThat(store.claims).hasValue(8);
    assertThat(dispatcher.slotFreed()).as("worth a pass").isTrue();
  }

  @Test
  void whereSlotsAreFreeASlotThatComesBackIsNoNews() {
    store.put("a", "");
    dispatcher.run();
    dispatcher.run();
    assertThat(dispatcher.slotFreed()).isFalse();
  }

  @Test
  void anEmptyHintIsFollowedUpShortlyAndADueTimeEndsTheRest() {
    dispatcher.hint();
    assertThat(dispatcher.run()).isEqualTo(Duration.ofMillis(50));
    store.nextDue = Duration.ofMillis(3);
    assertThat(dispatcher.run()).isEqualTo(Duration.ofMillis(3));
    store.nextDue = Duration.ofHours(1);
    assertThat(dispatcher.run()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aClaimWhileTheBreakerIsOpenIsAProbe() {
    for (String key : List.of("a", "b", "c")) {
      long begun = clock.nanoTime();
      clock.advance(Duration.ofSeconds(1));
      for (String type : served.keySet()) {
        Breaker.Failure failure =
            new Breaker.Failure(key, 1, begun, clock.nanoTime(), true, "down");
        boolean unused = breakers.of(type).excuses(failure);
      }
    }
    store.put("probe", "");
    assertThat(breakers.of("one").room()).isEqualTo(1);
    dispatcher.run();
    assertThat(typesLive()).containsExactly("one");
    assertThat(breakers.of("one").room()).as("until the next probe").isZero();
    assertThat(breakers.of("other").room()).isEqualTo(1);
  }
}
