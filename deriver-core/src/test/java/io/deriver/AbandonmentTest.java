package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Health.Status;
import io.deriver.spi.ClaimEnd;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invariants 9 and 10: abandoned threads are counted, named and capped; a key and its zombie. */
class AbandonmentTest {

  private final CompletableFuture<Outcome> zombie = new CompletableFuture<>();

  @AfterEach
  void letGo() {
    zombie.complete(Outcome.done());
  }

  private PoolFixture.Builder joining() {
    return PoolFixture.with(
            (unit, run) -> unit.key().startsWith("bad") ? zombie.join() : Outcome.done())
        .limits(l -> l.timeout(Duration.ofMillis(500)))
        .settings(p -> p.slots(2));
  }

  @Test
  void atTheCapNothingIsClaimedAndItResumesWhenAThreadReturns() {
    try (PoolFixture fixture =
        joining()
            .settings(p -> p.slots(2).maxAbandoned(2))
            .content(s -> s.put("bad1", "").put("bad2", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.events(PoolEvent.Saturated.class).isEmpty());
      assertThat(fixture.pool.health().readiness()).isEqualTo(Status.DOWN);
      assertThat(fixture.pool.health().liveness()).isEqualTo(Status.UP);
      assertThat(fixture.pool.health().abandoned())
          .extracting(Health.RunInfo::key)
          .containsExactlyInAnyOrder("bad1", "bad2");
      assertThat(fixture.pool.health().abandoned())
          .allSatisfy(run -> assertThat(run.stack()).contains("CompletableFuture.join"));
      int claims = fixture.store.claims.get();
      fixture.store.put("good", "");
      fixture.store.hintNow();
      int reaps = fixture.store.reaps.get();
      PoolFixture.until(() -> fixture.store.reaps.get() > reaps + 3);
      assertThat(fixture.store.claims).as("no claim at the cap").hasValue(claims);
      zombie.complete(Outcome.done());
      PoolFixture.until(() -> !fixture.store.endsOf("good").isEmpty());
      PoolFixture.until(() -> !fixture.events(PoolEvent.Resumed.class).isEmpty());
      PoolFixture.until(() -> fixture.pool.health().abandoned().isEmpty());
    }
  }

  @Test
  void whenNoThreadReturnsForSoLongLivenessGoesDownAndTheHostIsCalled() {
    CountDownLatch called = new CountDownLatch(1);
    try (PoolFixture fixture =
        joining()
            .settings(
                p ->
                    p.slots(1)
                        .maxAbandoned(1)
                        .stallReportInterval(Duration.ofMillis(100))
                        .whenSaturatedFor(Duration.ofSeconds(1), called::countDown))
            .content(s -> s.put("bad", ""))
            .start()) {
      PoolFixture.until(() -> called.getCount() == 0);
      assertThat(fixture.pool.health().liveness()).isEqualTo(Status.DOWN);
      PoolFixture.until(() -> fixture.events(PoolEvent.RestartNeeded.class).size() == 1);
      PoolFixture.until(
          () ->
              fixture.events(PoolEvent.Stalled.class).stream()
                  .filter(stalled -> stalled.why().contains("cap"))
                  .flatMap(stalled -> stalled.runs().stream())
                  .anyMatch(
                      line -> line.contains("key=bad") && line.contains("CompletableFuture")));
    }
  }

  @Test
  void aLateReturnIsToldAndItsOutcomeIsNotUsed() {
    try (PoolFixture fixture = joining().content(s -> s.put("bad", "")).start()) {
      PoolFixture.until(() -> !fixture.store.endsOf("bad").isEmpty());
      zombie.complete(Outcome.done());
      PoolFixture.until(() -> !fixture.events(PoolEvent.LateReturn.class).isEmpty());
      assertThat(fixture.store.endsOf("bad"))
          .singleElement()
          .isInstanceOfSatisfying(
              ClaimEnd.Retried.class,
              end -> assertThat(end.cause()).isEqualTo(ClaimEnd.Cause.TIMEOUT));
    }
  }

  @Test
  void aLateFailurePausesNothing() {
    try (PoolFixture fixture =
        joining()
            .limits(
                l ->
                    l.timeout(Duration.ofMillis(500))
                        .failurePolicy(
                            (error, attempt) ->
                                FailurePolicy.Verdict.RETRY.pausing(Duration.ofHours(1))))
            .content(s -> s.put("bad", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.store.endsOf("bad").isEmpty());
      zombie.completeExceptionally(new IllegalStateException("refused long ago"));
      PoolFixture.until(() -> !fixture.events(PoolEvent.LateReturn.class).isEmpty());
      assertThat(fixture.events(PoolEvent.TypePaused.class)).isEmpty();
    }
  }

  @Test
  void aHeldKeyStaysClaimedUntilItsThreadReturns() {
    try (PoolFixture fixture =
        joining()
            .limits(
                l ->
                    l.timeout(Duration.ofMillis(500))
                        .zombiePolicy(ZombiePolicy.hold(Duration.ofHours(1))))
            .content(s -> s.put("bad", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.events(PoolEvent.RunTimedOut.class).isEmpty());
      int renewals = fixture.store.renewals.get();
      PoolFixture.until(() -> fixture.store.renewals.get() > renewals + 3);
      assertThat(fixture.store.endsOf("bad")).as("claim kept, lease renewed").isEmpty();
      assertThat(fixture.pool.health().live()).as("slot free").isZero();
      zombie.complete(Outcome.done());
      PoolFixture.until(() -> fixture.store.endsOf("bad").size() == 1);
    }
  }

  @Test
  void aHeldKeyIsReleasedAtTheLatestWhenThePolicySays() {
    try (PoolFixture fixture =
        joining()
            .limits(
                l ->
                    l.timeout(Duration.ofMillis(500))
                        .zombiePolicy(ZombiePolicy.hold(Duration.ofMillis(300))))
            .content(s -> s.put("bad", ""))
            .start()) {
      PoolFixture.until(() -> fixture.store.endsOf("bad").size() == 1);
      assertThat(fixture.pool.health().abandoned()).hasSize(1);
    }
  }

  @Test
  void healthThatIsAskedAllTheTimeDoesNotUseUpTheStacksOfThoseThatAreNamed() {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> zombie.join())
            .settings(p -> p.slots(20))
            .content(
                s -> {
                  for (int i = 0; i < 20; i++) {
                    s.put("bad" + i, "");
                  }
                })
            .start()) {
      PoolFixture.until(() -> fixture.pool.health().live() == 20);
      fixture.pool.cancel(PoolFixture.TYPE, "bad7");
      PoolFixture.until(
          () -> {
            for (int i = 0; i < 10; i++) {
              fixture.pool.health();
            }
            return !fixture.events(PoolEvent.RunAbandoned.class).isEmpty();
          });
      assertThat(fixture.events(PoolEvent.RunAbandoned.class).get(0).stack())
          .contains("CompletableFuture.join");
    }
  }
}
