package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.FakeStore;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import io.deriver.spi.Claim;
import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invariant 8: what an answer to a renewal proves, and of which runs it knows. */
class LeaseKeeperTest {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final TestClock clock = new TestClock();
  private final FakeStore store = new FakeStore();
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});
  private final LeaseProof lease = new LeaseProof(LEASE, clock);
  private final ClaimCalls calls = new ClaimCalls(LEASE, clock);
  private final List<Run> returned = new CopyOnWriteArrayList<>();
  private final ClaimedAhead ahead =
      new ClaimedAhead(
          4, Duration.ofMinutes(1), clock, type -> true, (run, why) -> returned.add(run));
  private final LeaseKeeper keeper =
      new LeaseKeeper(
          store, runs, outcomes, ahead, calls, lease, INTERVAL, clock, events, () -> {});

  @BeforeEach
  void start() {
    events.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    events.stop(Duration.ofSeconds(5));
  }

  private Run live(String key) {
    store.put(key, "");
    Run run = TestRuns.of(clock, TestRuns.claimed(store));
    runs.add(run);
    return run;
  }

  private static RunEnd stopped(RunEnd.Reason reason) {
    return new RunEnd.Stopped(reason);
  }

  @Test
  void aRenewalProvesTheLeaseFromBeforeItsCallOn() {
    live("a");
    clock.advance(Duration.ofSeconds(20));
    store.onRenew = () -> clock.advance(Duration.ofSeconds(8));
    assertThat(keeper.run()).isEqualTo(INTERVAL);
    assertThat(lease.age()).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void whoHoldsNothingRenewsOnceAfterClaimsThatCameAndWent() {
    keeper.run();
    assertThat(store.renewals).hasValue(0);
    calls.broughtSome();
    calls.broughtSome();
    keeper.run();
    assertThat(store.renewals).hasValue(1);
    keeper.run();
    assertThat(store.renewals).hasValue(1);
  }

  @Test
  void oneThatFailsProvesNothingAndEndsNothing() {
    Run run = live("a");
    store.steal("a");
    clock.advance(Duration.ofSeconds(20));
    store.onRenew =
        () -> {
          throw new StoreException("down", null);
        };
    assertThatThrownBy(keeper::run).isInstanceOf(StoreException.class);
    assertThat(lease.age()).isEqualTo(Duration.ofSeconds(20));
    assertThat(run.end()).isNull();
  }

  @Test
  void anAnswerSaysNothingOfRunsThatAreYoungerThanItsCall() {
    live("a");
    Run younger = TestRuns.run(clock, 1_000, limits -> {});
    store.onRenew = () -> runs.add(younger);
    keeper.run();
    assertThat(younger.end()).isNull();
  }

  @Test
  void norOfClaimsAheadOfSlotsThatAreYounger() {
    live("a");
    Claim younger = TestRuns.run(clock, 1_000, limits -> {}).claim();
    store.onRenew = () -> ahead.add(younger, TestRuns.served(limits -> {}), clock.nanoTime());
    keeper.run();
    assertThat(returned).isEmpty();
    assertThat(ahead.fences()).containsExactly(1_000L);
  }

  @Test
  void whoHoldsOnlyWhatWaitsForASlotRenews() {
    store.put("a", "");
    ahead.add(TestRuns.claimed(store), TestRuns.served(limits -> {}), clock.nanoTime());
    keeper.run();
    assertThat(store.renewals).hasValue(1);
    assertThat(returned).isEmpty();
  }

  @Test
  void runsWhoseClaimsAreGoneEndAndTheOthersGoOn() throws Exception {
    Run kept = live("kept");
    Run gone = live("gone");
    Run goneToo = live("gone too");
    store.steal("gone");
    store.steal("gone too");
    keeper.run();
    assertThat(kept.end()).isNull();
    assertThat(gone.end()).isEqualTo(stopped(RunEnd.Reason.LEASE_LOST));
    assertThat(goneToo.end()).isEqualTo(stopped(RunEnd.Reason.LEASE_LOST));

    keeper.run();
    events.stop(Duration.ofSeconds(5));
    assertThat(told)
        .singleElement()
        .isInstanceOfSatisfying(
            PoolEvent.LeaseLost.class, event -> assertThat(event.runsCancelled()).isEqualTo(2));
  }

  @Test
  void runsThatAnOperatorWantsEndedEndUnlessTheirClaimIsGone() {
    Run wanted = live("wanted");
    Run gone = live("gone");
    Run kept = live("kept");
    store.cancelled.add(wanted.fence());
    store.cancelled.add(gone.fence());
    store.steal("gone");
    keeper.run();
    assertThat(wanted.end()).isEqualTo(stopped(RunEnd.Reason.CANCELLED));
    assertThat(gone.end()).isEqualTo(stopped(RunEnd.Reason.LEASE_LOST));
    assertThat(kept.end()).isNull();
  }

  @Test
  void theLeaseIsKeptWhileAnOutcomeIsOwed() {
    Run run = live("a");
    runs.end(run, new RunEnd.ByItself());
    keeper.run();
    assertThat(store.renewals).hasValue(1);
    outcomes.paid(run.fence());
    assertThat(keeper.run()).isEqualTo(INTERVAL);
    assertThat(store.renewals).as("nothing is held any more").hasValue(1);
  }
}
