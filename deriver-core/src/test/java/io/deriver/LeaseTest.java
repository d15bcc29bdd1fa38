package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invariant 8, the node's side: it renews while it holds claims, and stops runs it has lost. */
class LeaseTest {

  private final CountDownLatch over = new CountDownLatch(1);
  private final BlockingQueue<RunContext> seen = new LinkedBlockingQueue<>();

  @AfterEach
  void letGo() {
    over.countDown();
  }

  private PoolFixture.Builder waiting() {
    return PoolFixture.with(
        (unit, run) -> {
          seen.add(run);
          over.await();
          return Outcome.done();
        });
  }

  @Test
  void anIdleNodeWritesNoLease() {
    try (PoolFixture fixture = waiting().start()) {
      PoolFixture.until(() -> fixture.store.reaps.get() >= 5);
      assertThat(fixture.store.renewals).hasValue(0);
    }
  }

  @Test
  void aNodeWithALiveRunRenews() {
    try (PoolFixture fixture = waiting().content(s -> s.put("a", "")).start()) {
      PoolFixture.until(() -> fixture.store.renewals.get() >= 5);
      assertThat(fixture.pool.health().live()).isEqualTo(1);
    }
  }

  @Test
  void aRunWhoseClaimIsGoneIsStoppedAndItsWriteRefused() {
    try (PoolFixture fixture =
        waiting().content(s -> s.put("stolen", "").put("kept", "")).start()) {
      PoolFixture.until(() -> fixture.pool.health().live() == 2);
      fixture.store.steal("stolen");
      PoolFixture.until(() -> !fixture.events(PoolEvent.LeaseLost.class).isEmpty());
      PoolFixture.until(() -> fixture.pool.health().live() == 1);
      PoolFixture.until(() -> !fixture.events(PoolEvent.WriteRefused.class).isEmpty());
      assertThat(fixture.events(PoolEvent.WriteRefused.class))
          .extracting(e -> e.claim().key())
          .containsExactly("stolen");
      assertThat(fixture.store.endsOf("stolen")).isEmpty();
    }
  }

  @Test
  void aNodeThatCannotRenewInTimeStopsItsRuns() {
    TestClock clock = new TestClock();
    try (PoolFixture fixture = waiting().clock(clock).content(s -> s.put("a", "")).build()) {
      fixture.store.onRenew =
          () -> {
            throw new StoreException("unreachable", null);
          };
      fixture.pool.start();
      PoolFixture.until(
          () -> {
            clock.advance(Duration.ofMillis(5));
            return fixture.pool.health().live() == 1 && !seen.isEmpty();
          });
      RunContext run = seen.remove();
      clock.advance(Duration.ofSeconds(19));
      PoolFixture.until(
          () -> Duration.ZERO.equals(fixture.pool.health().duty("watchdog").sinceTick()));
      assertThat(run.isCancelled()).isFalse();
      PoolFixture.until(
          () -> {
            clock.advance(Duration.ofMillis(50));
            return run.isCancelled();
          });
      PoolFixture.until(() -> fixture.pool.health().live() == 0);
      // Or the close would wait for the write on a clock that stands still.
      PoolFixture.until(() -> fixture.pool.health().unwritten() == 0);
    }
  }

  @Test
  void claimsWhoseAnswerWasLostComeBackUncountedAndWithoutSuspicion() {
    AtomicInteger lost = new AtomicInteger();
    try (PoolFixture fixture = waiting().content(s -> s.put("a", "").put("b", "")).build()) {
      fixture.store.afterClaim =
          () -> {
            if (lost.getAndIncrement() == 0) {
              throw new StoreException("the answer to the claim was lost", null);
            }
          };
      fixture.pool.start();
      PoolFixture.until(() -> seen.size() == 2);
      assertThat(seen).extracting(RunContext::attempt).containsExactly(1, 1);
      PoolFixture.until(() -> fixture.events(PoolEvent.ClaimReaped.class).size() == 2);
      assertThat(fixture.events(PoolEvent.ClaimReaped.class))
          .extracting(PoolEvent.ClaimReaped::reason)
          .containsOnly("the answer to its claim was lost")
          .hasSize(2);
    }
  }

  @Test
  void aLiveRunsClaimIsNeverTakenForALostOne() {
    try (PoolFixture fixture =
        waiting().content(s -> s.put("a", "").put("b", "")).settings(p -> p.slots(2)).start()) {
      PoolFixture.until(() -> fixture.store.renewals.get() >= 5);
      assertThat(fixture.pool.health().live()).isEqualTo(2);
      assertThat(fixture.events(PoolEvent.ClaimReaped.class)).isEmpty();
    }
  }
}
