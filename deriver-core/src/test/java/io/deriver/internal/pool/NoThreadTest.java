package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.FakeStore;
import io.deriver.PoolFixture;
import io.deriver.TestClock;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.OutcomeWrite;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Invariant 1: failure to create a thread gives slot and claim back, the attempt uncounted. */
class NoThreadTest {

  @Test
  void slotAndClaimComeBack() {
    TestClock clock = new TestClock();
    FakeStore store = new FakeStore().put("a", "").put("b", "").put("c", "");
    Events events = new Events("test", List.of());
    Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
    AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
    Endings endings = TestRuns.endings(clock);
    Closers closers = new Closers("test", 8, abandoned);
    Canceller canceller =
        new Canceller(new StackSampler(clock), endings, outcomes, closers, clock, events);
    Runs runs = new Runs(outcomes, abandoned, canceller::take, () -> {});
    RunThreads threads =
        new RunThreads(
            body -> {
              throw new OutOfMemoryError("unable to create native thread");
            },
            true,
            run -> true);
    Duration second = Duration.ofSeconds(1);
    PoolSettings settings = TestRuns.settings(64, 100);
    Dispatcher dispatcher =
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
                TestRuns.breakers(clock),
                TestRuns.gates(clock),
                clock,
                events),
            threads,
            TestRuns.noneAhead(clock),
            new LeaseProof(second, clock),
            new ClaimCalls(second, clock),
            TestRuns.pauses(clock),
            TestRuns.breakers(clock),
            clock);
    dispatcher.run();
    assertThatThrownBy(dispatcher::run).isInstanceOf(OutOfMemoryError.class);
    assertThat(runs.size()).as("slot free").isZero();
    canceller.run();
    new OutcomeWriter(outcomes, store, clock, events, () -> {}).run();
    assertThat(store.written)
        .as("all that were claimed together")
        .extracting(write -> write.claim().key())
        .containsExactlyInAnyOrder("a", "b", "c");
    assertThat(store.written)
        .extracting(OutcomeWrite::end)
        .containsOnly(new ClaimEnd.Released(Duration.ofSeconds(1)));
    // The side threads may still be at it.
    PoolFixture.until(() -> abandoned.count() == 0);
    closers.stop();
  }
}
