package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Invariants 1, 4 and 9: who waits for something is woken by it. On a clock that stands still a
 * wake-up that is missing costs for ever, and not a second.
 */
class WakeUpsTest {

  private final TestClock clock = new TestClock();
  private final CountDownLatch writable = new CountDownLatch(1);
  private final CompletableFuture<Outcome> zombie = new CompletableFuture<>();

  private @Nullable PoolFixture started;

  /** Time goes on again, so that a pool that waits in vain is closed nevertheless. */
  @AfterEach
  void letGo() throws Exception {
    writable.countDown();
    zombie.complete(Outcome.done());
    Thread closing = new Thread(Objects.requireNonNull(started)::close);
    closing.start();
    PoolFixture.until(
        () -> {
          clock.advance(Duration.ofSeconds(1));
          return !closing.isAlive();
        });
  }

  /** A pool that has begun to claim, and whose time stands still from then on. */
  private PoolFixture standing(Processor<String> processor) {
    PoolFixture fixture =
        PoolFixture.with(processor)
            .settings(pool -> pool.slots(1).maxAbandoned(1))
            .clock(clock)
            .start();
    started = fixture;
    PoolFixture.until(
        () -> {
          clock.advance(Duration.ofMillis(5));
          return fixture.store.claims.get() >= 1;
        });
    return fixture;
  }

  @Test
  void aSlotThatComesBackIsUsedWhileOutcomesWait() {
    PoolFixture fixture = standing((unit, run) -> Outcome.done());
    fixture.store.onWrite = writable::await;
    fixture.store.put("a", "").put("b", "").put("c", "");
    fixture.store.hintNow();
    PoolFixture.until(() -> fixture.pool.health().unwritten() == 3);
    writable.countDown();
    PoolFixture.until(() -> fixture.pool.health().unwritten() == 0);
    assertThat(fixture.store.isEmpty()).isTrue();
  }

  @Test
  void anOutcomeIsWrittenAtOnce() {
    PoolFixture fixture = standing((unit, run) -> Outcome.done());
    fixture.store.put("a", "");
    fixture.store.hintNow();
    PoolFixture.until(fixture.store::isEmpty);
  }

  @Test
  void whatIsEndedByForceIsGivenUpAtOnceAndAThreadThatReturnsEndsTheStandstillAtTheCap() {
    PoolFixture fixture =
        standing((unit, run) -> unit.key().equals("hung") ? zombie.join() : Outcome.done());
    fixture.store.put("hung", "");
    fixture.store.hintNow();
    PoolFixture.until(() -> fixture.pool.health().live() == 1);
    PoolFixture.until(() -> fixture.pool.work(PoolFixture.TYPE).unitsStarted() == 1);
    assertThat(fixture.pool.cancel(PoolFixture.TYPE, "hung")).isTrue();
    PoolFixture.until(() -> fixture.store.endsOf("hung").size() == 1);

    fixture.store.put("good", "");
    fixture.store.hintNow();
    PoolFixture.until(() -> !fixture.events(PoolEvent.Saturated.class).isEmpty());
    zombie.complete(Outcome.done());
    PoolFixture.until(() -> fixture.store.endsOf("good").size() == 1);
  }
}
