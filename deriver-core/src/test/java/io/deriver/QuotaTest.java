package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.Claim.Standing;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invariant 7 (the poisoned can't crowd out the healthy) and 6 (one suspect at a time). */
class QuotaTest {

  private final CompletableFuture<Outcome> never = new CompletableFuture<>();

  @AfterEach
  void letGo() {
    never.complete(Outcome.done());
  }

  @Test
  void keysOnProbationHoldAQuarterOfTheSlotsAtMost() {
    Set<RunContext> onProbation = ConcurrentHashMap.newKeySet();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger healthy = new AtomicInteger();
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  if (!unit.key().startsWith("bad")) {
                    healthy.incrementAndGet();
                    return Outcome.done();
                  }
                  if (run.attempt() > 1) {
                    onProbation.add(run);
                    onProbation.removeIf(RunContext::isCancelled);
                    most.accumulateAndGet(onProbation.size(), Math::max);
                  }
                  return never.join();
                })
            .limits(l -> l.timeout(Duration.ofMillis(200)).maxAttempts(4))
            .settings(p -> p.slots(8))
            .content(
                s -> {
                  for (int i = 0; i < 8; i++) {
                    s.put("bad" + i, "");
                  }
                })
            .start()) {
      PoolFixture.until(() -> fixture.events(PoolEvent.RunTimedOut.class).size() >= 8);
      for (int i = 0; i < 300; i++) {
        fixture.store.put("good" + i, "");
      }
      fixture.store.ready();
      PoolFixture.until(() -> healthy.get() == 300);
      PoolFixture.until(
          () -> {
            fixture.store.ready();
            return fixture.store.isEmpty();
          });
      assertThat(most.get()).as("probation runs at once, of 8 slots").isBetween(1, 2);
      PoolFixture.until(() -> fixture.events(PoolEvent.UnitDeadLettered.class).size() == 8);
    }
  }

  @Test
  void noMoreUnitsOfATypeRunAtOnceThanItsLimitAllows() {
    AtomicInteger now = new AtomicInteger();
    CompletableFuture<Outcome> answered = new CompletableFuture<>();
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  now.incrementAndGet();
                  return answered.join();
                })
            .limits(l -> l.maxConcurrent(3))
            .settings(p -> p.slots(8))
            .content(
                s -> {
                  for (int i = 0; i < 50; i++) {
                    s.put("key" + i, "");
                  }
                })
            .start()) {
      PoolFixture.until(() -> now.get() == 3);
      // Long enough for more, if there were room.
      int reaps = fixture.store.reaps.get();
      PoolFixture.until(() -> fixture.store.reaps.get() >= reaps + 5);
      assertThat(now).hasValue(3);
      assertThat(fixture.pool.health().live()).isEqualTo(3);
      answered.complete(Outcome.done());
      PoolFixture.until(fixture.store::isEmpty);
    }
  }

  @Test
  void theNextSuspectWaitsUntilTheOutcomeOfTheLastIsWritten() {
    CountDownLatch writable = new CountDownLatch(1);
    Set<String> started = ConcurrentHashMap.newKeySet();
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  started.add(unit.key());
                  return Outcome.done();
                })
            .settings(p -> p.slots(8))
            .content(
                s -> {
                  s.onWrite = writable::await;
                  s.put("suspect", Standing.SUSPECT);
                  s.put("another", Standing.SUSPECT);
                })
            .start()) {
      PoolFixture.until(() -> fixture.pool.health().unwritten() == 1);
      fixture.store.put("regular", "");
      fixture.store.hintNow();
      PoolFixture.until(() -> started.contains("regular"));
      // Long enough for the other, if it were let in.
      int reaps = fixture.store.reaps.get();
      PoolFixture.until(() -> fixture.store.reaps.get() >= reaps + 5);
      assertThat(started).containsExactlyInAnyOrder("suspect", "regular");
      writable.countDown();
      PoolFixture.until(fixture.store::isEmpty);
      assertThat(started).contains("another");
    }
  }

  @Test
  void oneSuspectRunsAtATime() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  run.throwIfCancelled();
                  now.decrementAndGet();
                  return Outcome.done();
                })
            .content(
                s -> {
                  for (int i = 0; i < 50; i++) {
                    s.put("suspect" + i, Standing.SUSPECT);
                  }
                })
            .start()) {
      PoolFixture.until(fixture.store::isEmpty);
      assertThat(most).hasValue(1);
    }
  }
}
