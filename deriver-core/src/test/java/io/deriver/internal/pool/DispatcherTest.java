package io.deriver.internal.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.FakeStore;
import io.deriver.TestClock;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Invariants 1, 4 and 8: what a claim proves, and what becomes of one that nobody can work. */
class DispatcherTest {

  private static final Duration LEASE = Duration.ofSeconds(34);

  /** Half of the completion grace. */
  private static final Duration IN_TIME = Duration.ofMillis(500);

  private final TestClock clock = new TestClock();
  private final FakeStore store = new FakeStore();
  private final Events events = new Events("test", List.of());
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned =
      new AbandonedRuns(100_000, clock, events, outcomes, () -> {});
  private final List<Run> stopped = new ArrayList<>();
  private final Runs runs = new Runs(outcomes, abandoned, stopped::add, () -> {});
  private final PoolSettings settings = TestRuns.settings(64, 100);
  private final AtomicInteger started = new AtomicInteger();
  private final LeaseProof lease = new LeaseProof(LEASE, clock);
  private final ClaimCalls calls = new ClaimCalls(LEASE, clock);
  private final TypePauses pauses = TestRuns.pauses(clock);
  private final Dispatcher dispatcher = dispatcher("test");

  /** One that has begun. */
  private Dispatcher dispatcher(String type) {
    Dispatcher made =
        new Dispatcher(
            settings,
            Map.of(type, TestRuns.served(limits -> {})),
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
            new RunThreads(body -> counting(), false, run -> true),
            TestRuns.noneAhead(clock),
            lease,
            calls,
            pauses,
            TestRuns.breakers(clock),
            clock);
    made.run();
    return made;
  }

  private Thread counting() {
    return new Thread() {
      @Override
      public synchronized void start() {
        started.incrementAndGet();
      }
    };
  }

  private void assertGivenBack(RunEnd.Reason reason) {
    assertThat(started).as("runs started").hasValue(0);
    assertThat(runs.size()).as("slots in use").isZero();
    assertThat(abandoned.count()).as("threads waited for").isZero();
    assertThat(outcomes.unwritten()).as("owed").isEqualTo(1);
    assertThat(stopped)
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.end()).isEqualTo(new RunEnd.Stopped(reason));
              assertThat(run.hasReturned()).isTrue();
            });
  }

  @Test
  void aClaimProvesTheLeaseFromBeforeItsCallOn() {
    store.put("a", "");
    clock.advance(Duration.ofSeconds(20));
    store.onClaim = () -> clock.advance(Duration.ofMillis(400));
    dispatcher.run();
    assertThat(lease.age()).isEqualTo(Duration.ofMillis(400));
    assertThat(started).hasValue(1);
  }

  @Test
  void aCallThatClaimsNothingProvesNothing() {
    clock.advance(Duration.ofSeconds(20));
    dispatcher.run();
    assertThat(store.claims).hasValue(1);
    assertThat(lease.age()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void aClaimRenewsTheLeaseWhereNoRenewalDidOfLate() {
    store.put("a", "");
    assertThat(askedToRenew()).as("before the first renewal").isTrue();
    assertThat(lease.age()).isZero();

    store.put("b", "");
    clock.advance(settings.renewInterval());
    assertThat(askedToRenew()).as("an interval after one").isFalse();
    assertThat(lease.age()).as("proven by a claim that did not renew").isPositive();
    store.put("c", "");
    clock.advance(Duration.ofNanos(1));
    assertThat(askedToRenew()).as("later").isTrue();
    assertThat(lease.age()).isZero();
    assertThat(calls.brought()).isEqualTo(3);
  }

  private boolean askedToRenew() {
    dispatcher.run();
    return requireNonNull(store.lastRequest).renews();
  }

  @Test
  void aClaimThatComesJustInTimeIsWorked() {
    store.put("a", "");
    store.onClaim = () -> clock.advance(IN_TIME);
    dispatcher.run();
    assertThat(started).hasValue(1);
    assertThat(runs.size()).isEqualTo(1);
  }

  @Test
  void oneThatComesTooLateIsGivenBack() {
    store.put("a", "");
    store.onClaim = () -> clock.advance(IN_TIME.plusNanos(1));
    dispatcher.run();
    assertGivenBack(RunEnd.Reason.NOT_STARTED);
  }

  @Test
  void oneThatComesInADrainIsGivenBack() {
    store.put("a", "");
    store.afterClaim = dispatcher::drain;
    dispatcher.run();
    assertGivenBack(RunEnd.Reason.DRAINED);
  }

  @Test
  void aCallThatFailsLeavesDoubtAndIsOver() {
    store.put("a", "");
    store.afterClaim =
        () -> {
          throw new StoreException("the answer was lost", null);
        };
    assertThat(calls.inDoubt()).isFalse();
    assertThatThrownBy(dispatcher::run).isInstanceOf(StoreException.class);
    assertThat(calls.inDoubt()).isTrue();
    assertThat(calls.underWay()).as("else a drain waits for it").isFalse();
    clock.advance(LEASE.minusNanos(1));
    assertThat(calls.inDoubt()).isTrue();
    clock.advance(Duration.ofNanos(1));
    assertThat(calls.inDoubt()).isFalse();
  }

  @Test
  void aCallIsUnderWayUntilItsClaimsAreInTheRegistry() {
    store.put("a", "");
    store.afterClaim = () -> assertThat(calls.underWay()).isTrue();
    dispatcher.run();
    assertThat(calls.underWay()).isFalse();
    assertThat(calls.ended()).isEqualTo(1);
  }

  @Test
  void aPausedTypeIsNotAskedFor() {
    store.put("a", "");
    pauses.pause("test", Duration.ofMinutes(1), "why");
    dispatcher.run();
    assertThat(store.claims).hasValue(0);
    clock.advance(Duration.ofMinutes(1));
    dispatcher.run();
    assertThat(started).hasValue(1);
  }

  /** A drain that finds no call under way must be right about it: it does not look again. */
  @Test
  void onceNoCallIsUnderWayADrainedPoolClaimsNoMore() throws Exception {
    // So many side threads that the dispatcher takes its time between its first look and the call.
    for (long fence = 1; fence <= 20_000; fence++) {
      abandoned.closing(TestRuns.run(clock, fence, limits -> {}));
    }
    store.put("a", "");
    CompletableFuture<Integer> seen = new CompletableFuture<>();
    Thread drainer =
        new Thread(
            () -> {
              awaitQuietly(dispatcher::slotFreed);
              dispatcher.drain();
              awaitQuietly(() -> !calls.underWay());
              seen.complete(store.claims.get());
            });
    drainer.start();
    dispatcher.run();
    int claims = store.claims.get();
    assertThat(seen.get(10, TimeUnit.SECONDS)).as("claims when the drain looked").isEqualTo(claims);
  }

  private static void awaitQuietly(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }
}
