package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.FakeStore;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import io.deriver.spi.Claim;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Invariant 8: a claim that the store holds and nobody works is given back, and never one whose
 * call is still under way, or that a run or an owed outcome stands for.
 */
class StrayClaimsTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final TestClock clock = new TestClock();
  private final FakeStore store = new FakeStore().put("a", "");
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});
  private final ClaimCalls calls = new ClaimCalls(LEASE, clock);
  private final AtomicInteger woken = new AtomicInteger();
  private final LeaseKeeper keeper =
      new LeaseKeeper(
          store,
          runs,
          outcomes,
          TestRuns.noneAhead(clock),
          calls,
          new LeaseProof(LEASE, clock),
          Duration.ofSeconds(1),
          clock,
          events,
          woken::incrementAndGet);

  @BeforeEach
  void somethingElseIsLive() {
    runs.add(TestRuns.run(clock, 1_000, limits -> {}));
  }

  /** The store makes a claim; the pool has not heard of it yet. */
  private Claim claim() {
    calls.begin();
    return TestRuns.claimed(store);
  }

  private boolean isHeld(Claim claim) {
    return store.renew().held().contains(claim.id().fence());
  }

  @Test
  void oneThatNobodyWorksIsGivenBackAtTheNextRenewal() throws Exception {
    Claim claim = claim();
    calls.failed();
    calls.end();
    keeper.run();
    assertThat(isHeld(claim)).as("held after one renewal").isTrue();
    keeper.run();
    assertThat(isHeld(claim)).as("held after two").isFalse();
    assertThat(woken).hasValue(1);
    events.start();
    events.stop(Duration.ofSeconds(10));
    assertThat(told)
        .contains(new PoolEvent.ClaimReaped(claim.id(), "the answer to its claim was lost", false));
  }

  @Test
  void oneWhoseCallIsUnderWayIsKept() {
    Claim claim = claim();
    for (int i = 0; i < 5; i++) {
      keeper.run();
    }
    runs.add(TestRuns.of(clock, claim));
    calls.end();
    for (int i = 0; i < 5; i++) {
      keeper.run();
    }
    assertThat(isHeld(claim)).isTrue();
  }

  @Test
  void oneWhoseCallEndsWhileTheKeeperLooksIsKept() throws Exception {
    // So many that to look through them takes a while.
    for (int owed = 0; owed < 2_000; owed++) {
      outcomes.owe(TestRuns.run(clock, 10_000 + owed, limits -> {}));
    }
    for (int trial = 0; trial < 300; trial++) {
      store.put("key " + trial, "");
      Claim claim = claim();
      keeper.run();
      Run run = TestRuns.of(clock, claim);
      int later = trial;
      Thread dispatcher =
          new Thread(
              () -> {
                for (int spin = 0; spin < later; spin++) {
                  Thread.onSpinWait();
                }
                runs.add(run);
                calls.end();
              });
      dispatcher.start();
      keeper.run();
      dispatcher.join();
      assertThat(isHeld(claim)).as("in trial %d", trial).isTrue();
    }
  }

  @Test
  void oneWhoseOutcomeIsOwedIsKept() {
    Claim claim = claim();
    Run run = TestRuns.of(clock, claim);
    runs.add(run);
    calls.end();
    runs.end(run, new RunEnd.ByItself());
    for (int i = 0; i < 5; i++) {
      keeper.run();
    }
    assertThat(isHeld(claim)).isTrue();
  }

  @Test
  void anIdleNodeLooksForThemForALeaseAfterACallThatFailed() {
    runs.live().clear();
    calls.begin();
    calls.failed();
    calls.end();
    keeper.run();
    assertThat(store.renewals).hasValue(1);
    clock.advance(LEASE);
    keeper.run();
    assertThat(store.renewals).hasValue(1);
  }
}
