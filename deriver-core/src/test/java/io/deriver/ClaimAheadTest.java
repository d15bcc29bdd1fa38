package io.deriver;

import static io.deriver.PoolFixture.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimEnd;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Invariants 1, 2, 4 and 7: what was claimed ahead of a free slot starts when one is free, in no
 * more slots than there are, or goes back as if it had never been claimed.
 */
@Timeout(120)
class ClaimAheadTest {

  private static final int SLOTS = 4;

  private final Map<String, AtomicInteger> worked = new ConcurrentHashMap<>();
  private final AtomicInteger live = new AtomicInteger();
  private final AtomicInteger mostLive = new AtomicInteger();
  private final Semaphore mayEnd = new Semaphore(0);
  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    mayEnd.release(1_000_000);
    over.countDown();
  }

  private Outcome count(WorkUnit<String> unit) {
    worked.computeIfAbsent(unit.key(), key -> new AtomicInteger()).incrementAndGet();
    mostLive.accumulateAndGet(live.incrementAndGet(), Math::max);
    live.decrementAndGet();
    return Outcome.done();
  }

  private Outcome untilLet(WorkUnit<String> unit) throws InterruptedException {
    worked.computeIfAbsent(unit.key(), key -> new AtomicInteger()).incrementAndGet();
    mayEnd.acquire();
    return Outcome.done();
  }

  private PoolFixture held(int keys) {
    return fixture(keys).start();
  }

  private PoolFixture.Builder fixture(int keys) {
    return PoolFixture.with((unit, run) -> untilLet(unit))
        .settings(pool -> pool.slots(SLOTS).claimAhead(SLOTS).closeTimeout(Duration.ZERO))
        .content(store -> put(store, keys));
  }

  private static void put(FakeStore store, int keys) {
    for (int n = 0; n < keys; n++) {
      store.put("key%05d".formatted(n), "");
    }
  }

  private void untilFull(PoolFixture pool) {
    until(() -> worked.size() == SLOTS && pool.pool.health().ahead() == SLOTS);
  }

  /** The first pass comes a little after the start. */
  private void untilFull(PoolFixture pool, TestClock clock) {
    until(
        () -> {
          clock.advance(Duration.ofMillis(1));
          return worked.size() == SLOTS && pool.pool.health().ahead() == SLOTS;
        });
  }

  private static void untilIdle(PoolFixture pool) {
    until(() -> pool.pool.health().live() == 0 && pool.pool.health().unwritten() == 0);
  }

  private static void assertReleased(PoolFixture pool, String key) {
    until(() -> !pool.store.endsOf(key).isEmpty());
    assertThat(pool.store.endsOf(key))
        .as("attempt not counted")
        .allMatch(ClaimEnd.Released.class::isInstance);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachIsWorkedOnceInNoMoreSlotsThanThereAre(boolean virtual) {
    assumeTrue(!virtual || Runtime.version().feature() >= 21, "no virtual threads before 21");
    int keys = 1_000;
    try (PoolFixture pool =
        PoolFixture.with((unit, run) -> count(unit))
            .settings(settings -> settings.slots(SLOTS).claimAhead(SLOTS).virtualThreads(virtual))
            .content(store -> put(store, keys))
            .start()) {
      until(() -> pool.store.isEmpty());
      assertThat(worked).hasSize(keys);
      assertThat(worked.values()).allMatch(times -> times.get() == 1);
      assertThat(mostLive.get()).isBetween(1, SLOTS);
      untilIdle(pool);
      assertThat(pool.pool.health().ahead()).isZero();
    }
  }

  @Test
  void aSlotThatComesFreeHasItsNextThoughNoClaimIsAnswered() {
    try (PoolFixture pool = held(100)) {
      untilFull(pool);
      pool.store.onClaim = over::await;
      mayEnd.release(SLOTS);
      until(() -> worked.size() == 2 * SLOTS);
      assertThat(pool.pool.health().live()).isEqualTo(SLOTS);
      over.countDown();
    }
  }

  @Test
  void whatWaitsIsClaimedAndNotRun() {
    try (PoolFixture pool = held(100)) {
      untilFull(pool);
      int renewals = pool.store.renewals.get();
      until(() -> pool.store.renewals.get() > renewals + 3);
      assertThat(pool.store.claimed).as("the lease keeper gives none back").hasValue(2 * SLOTS);
      assertThat(pool.pool.health().ahead()).isEqualTo(SLOTS);
      assertThat(pool.pool.health().live()).isEqualTo(SLOTS);
      assertThat(worked).hasSize(SLOTS);
    }
  }

  @Test
  void aDrainGivesBackWhatWaitsAndLetsTheLiveRunsEnd() {
    try (PoolFixture pool = held(100)) {
      untilFull(pool);
      Thread drain = new Thread(() -> pool.pool.drain(Duration.ofMinutes(1)));
      drain.start();
      assertReleased(pool, "key00004");
      assertReleased(pool, "key00007");
      mayEnd.release(SLOTS);
      until(() -> !drain.isAlive());
      assertThat(worked).as("none of those that waited was begun").hasSize(SLOTS);
      assertThat(pool.events(PoolEvent.RunCancelled.class)).isEmpty();
      assertThat(pool.pool.health().unwritten()).isZero();
    }
  }

  @Test
  void aPauseGivesBackWhatWaits() {
    try (PoolFixture pool = held(100)) {
      untilFull(pool);
      pool.pool.pause();
      assertReleased(pool, "key00004");
      mayEnd.release(SLOTS);
      until(() -> pool.pool.health().live() == 0);
      assertThat(worked).hasSize(SLOTS);
      assertThat(pool.pool.health().ahead()).isZero();
    }
  }

  @Test
  void whatCannotStartInTimeGoesBack() {
    TestClock clock = new TestClock();
    try (PoolFixture pool =
        fixture(2 * SLOTS)
            .settings(
                settings ->
                    settings
                        .slots(SLOTS)
                        .claimAhead(SLOTS)
                        .lease(Duration.ofHours(1))
                        .completionGrace(Duration.ofSeconds(30)))
            .limits(limits -> limits.timeout(Duration.ofHours(1)))
            .clock(clock)
            .start()) {
      untilFull(pool, clock);
      clock.advance(Duration.ofSeconds(15));
      assertReleased(pool, "key00004");
      assertThat(pool.store.endsOf("key00000")).isEmpty();
      mayEnd.release(SLOTS);
      untilIdle(pool);
    }
  }

  @Test
  void keysThatDoNotStandAsUsualNeverWaitForASlot() {
    try (PoolFixture pool =
        fixture(100)
            .content(
                store -> {
                  put(store, 3);
                  store.put("suspect1", Standing.SUSPECT);
                  store.put("suspect2", Standing.SUSPECT);
                  store.put("probation1", Standing.PROBATION);
                  store.put("probation2", Standing.PROBATION);
                  store.put("zz1", "").put("zz2", "").put("zz3", "");
                })
            .start()) {
      until(() -> worked.size() == SLOTS && pool.pool.health().ahead() > 0);
      int claims = pool.store.claims.get();
      until(() -> pool.store.claims.get() > claims + 3 || pool.pool.health().ahead() == SLOTS);
      Set<String> begun = Set.copyOf(worked.keySet());
      pool.pool.pause();
      until(() -> pool.pool.health().ahead() == 0 && pool.pool.health().unwritten() == 0);
      assertThat(pool.store.written)
          .extracting(write -> write.claim().key())
          .as("what waited, of %s begun", begun)
          .allMatch(key -> key.startsWith("key") || key.startsWith("zz"));
    }
  }

  @Test
  void oneWhoseClaimIsGoneDoesNotStart() {
    try (PoolFixture pool = held(2 * SLOTS)) {
      untilFull(pool);
      pool.store.steal("key00005");
      until(() -> pool.pool.health().ahead() == SLOTS - 1);
      mayEnd.release(2 * SLOTS);
      until(() -> worked.size() == 2 * SLOTS - 1);
      assertThat(worked).doesNotContainKey("key00005");
      assertThat(pool.events(PoolEvent.LeaseLost.class))
          .extracting(PoolEvent.LeaseLost::runsCancelled)
          .containsExactly(1);
    }
  }

  @Test
  void oneThatIsCancelledDoesNotStart() {
    try (PoolFixture pool = held(2 * SLOTS)) {
      untilFull(pool);
      assertThat(pool.pool.cancel(PoolFixture.TYPE, "key00006")).isTrue();
      until(() -> !pool.store.endsOf("key00006").isEmpty());
      assertThat(pool.store.endsOf("key00006"))
          .singleElement()
          .isInstanceOf(ClaimEnd.Retried.class);
      mayEnd.release(2 * SLOTS);
      until(() -> worked.size() == 2 * SLOTS - 1);
      assertThat(worked).doesNotContainKey("key00006");
    }
  }

  @Test
  void whenAllOfATypeIsToPauseWhatWaitsOfItGoesBack() {
    try (PoolFixture pool =
        PoolFixture.with(
                (unit, run) -> {
                  if (!unit.key().equals("key00000")) {
                    return untilLet(unit);
                  }
                  worked.put(unit.key(), new AtomicInteger(1));
                  mayEnd.acquire();
                  throw new IllegalStateException("staged");
                })
            .settings(settings -> settings.slots(1).claimAhead(1))
            .limits(
                limits ->
                    limits.failurePolicy(
                        (error, attempt) ->
                            FailurePolicy.Verdict.RETRY.pausing(Duration.ofHours(1))))
            .content(store -> put(store, 10))
            .start()) {
      until(() -> worked.size() == 1 && pool.pool.health().ahead() == 1);
      mayEnd.release(1);
      assertReleased(pool, "key00001");
      assertThat(worked).hasSize(1);
    }
  }

  @Test
  void limitsOfAWaitingUnitCountFromItsStart() {
    TestClock clock = new TestClock();
    CountDownLatch firstMayEnd = new CountDownLatch(1);
    try (PoolFixture pool =
        PoolFixture.with(
                (unit, run) -> {
                  if (unit.key().compareTo("key00004") >= 0) {
                    return untilLet(unit);
                  }
                  worked.put(unit.key(), new AtomicInteger(1));
                  firstMayEnd.await();
                  return Outcome.done();
                })
            .content(store -> put(store, 2 * SLOTS))
            .limits(limits -> limits.timeout(Duration.ofSeconds(20)))
            .clock(clock)
            .settings(
                settings -> settings.slots(SLOTS).claimAhead(SLOTS).lease(Duration.ofHours(1)))
            .start()) {
      untilFull(pool, clock);
      clock.advance(Duration.ofSeconds(14));
      firstMayEnd.countDown();
      until(() -> worked.size() == 2 * SLOTS);
      clock.advance(Duration.ofSeconds(19));
      assertThat(pool.events(PoolEvent.RunTimedOut.class)).isEmpty();
      clock.advance(Duration.ofSeconds(1));
      until(() -> pool.events(PoolEvent.RunTimedOut.class).size() == SLOTS);
      untilIdle(pool);
    }
  }
}
