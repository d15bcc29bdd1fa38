package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.ClaimEnd;
import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invariant 12, the pool's side: a step counts only if its run was live when the step ended. */
class ApplyTest {

  private final CompletableFuture<Void> held = new CompletableFuture<>();

  @AfterEach
  void letGo() {
    held.complete(null);
  }

  @Test
  void aStepCompletesItsUnit() {
    AtomicInteger effects = new AtomicInteger();
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.apply(new FakeStore.Step(effects::incrementAndGet)))
            .content(s -> s.put("a", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.events(PoolEvent.UnitCompleted.class).isEmpty());
      assertThat(effects).hasValue(1);
      assertThat(fixture.pool.health().live()).isZero();
      assertThat(fixture.pool.health().unwritten()).isZero();
    }
  }

  @Test
  void aStepThatThrowsIsAFailureOfItsUnit() {
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) ->
                    Outcome.apply(
                        new FakeStore.Step(
                            () -> {
                              throw new IllegalStateException("constraint");
                            })))
            .content(s -> s.put("a", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.store.endsOf("a").isEmpty());
      assertThat(fixture.store.endsOf("a").get(0))
          .isInstanceOfSatisfying(
              ClaimEnd.Retried.class, end -> assertThat(end.error()).contains("constraint"));
    }
  }

  @Test
  void aStoreThatFailsUnderAStepCostsNoAttempt() {
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) ->
                    Outcome.apply(
                        new FakeStore.Step(
                            () -> {
                              throw new StoreException("no connection", null);
                            })))
            .content(s -> s.put("a", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.store.endsOf("a").isEmpty());
      assertThat(fixture.store.endsOf("a").get(0)).isInstanceOf(ClaimEnd.Released.class);
    }
  }

  @Test
  void aStepOfARunThatIsOverTakesNothingOfTheStore() {
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  held.join();
                  return Outcome.apply(new FakeStore.Step(() -> {}));
                })
            .limits(l -> l.timeout(Duration.ofMillis(500)))
            .content(s -> s.put("a", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.events(PoolEvent.RunTimedOut.class).isEmpty());
      held.complete(null);
      PoolFixture.until(() -> !fixture.events(PoolEvent.LateReturn.class).isEmpty());
      assertThat(fixture.store.applies).hasValue(0);
    }
  }

  @Test
  void aStepThatEndsAfterItsRunWasEndedIsNotCompleted() {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.apply(new FakeStore.Step(held::join)))
            .limits(l -> l.timeout(Duration.ofMillis(500)))
            .content(s -> s.put("a", ""))
            .build()) {
      // So that the claim still stands when the step ends: the gate alone is in its way.
      fixture.store.onWrite =
          () -> {
            throw new StoreException("down", null);
          };
      fixture.pool.start();
      PoolFixture.until(() -> !fixture.events(PoolEvent.RunTimedOut.class).isEmpty());
      held.complete(null);
      PoolFixture.until(() -> !fixture.events(PoolEvent.LateReturn.class).isEmpty());
      assertThat(fixture.store.written).isEmpty();
      fixture.store.onWrite = () -> {};
      PoolFixture.until(() -> !fixture.store.endsOf("a").isEmpty());
      assertThat(fixture.store.endsOf("a")).singleElement().isInstanceOf(ClaimEnd.Retried.class);
      assertThat(fixture.events(PoolEvent.UnitCompleted.class)).isEmpty();
    }
  }
}
