package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Invariant 1: host code that is no processor hangs in its turn (a codec, a redactor, a failure
 * policy, a callback), and costs its run's limit, or a thread that is counted, and nothing else.
 */
class HostCodeTest {

  private final CompletableFuture<String> never = new CompletableFuture<>();

  @AfterEach
  void letGo() {
    never.complete("");
  }

  private static Outcome bad(WorkUnit<String> unit) {
    if (unit.key().startsWith("bad")) {
      throw new IllegalStateException("secret");
    }
    return Outcome.done();
  }

  private void badEndsByItsLimitAndGoodGoesOn(PoolFixture.Builder builder) {
    try (PoolFixture fixture =
        builder
            .settings(p -> p.slots(1))
            .content(s -> s.put("bad", "bad").put("good", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.store.endsOf("good").isEmpty());
      PoolFixture.until(() -> !fixture.store.endsOf("bad").isEmpty());
      assertThat(fixture.events(PoolEvent.RunTimedOut.class))
          .singleElement()
          .satisfies(e -> assertThat(e.stack()).contains("HostCodeTest"));
      PoolFixture.until(() -> fixture.pool.health().abandoned().size() == 1);
      never.complete("");
      PoolFixture.until(() -> fixture.pool.health().abandoned().isEmpty());
    }
  }

  @Test
  void aRedactorThatHangs() {
    UnaryOperator<String> hangs = text -> never.join();
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> bad(unit))
            .limits(l -> l.timeout(Duration.ofMillis(500)))
            .settings(p -> p.slots(1).redactor(hangs))
            .content(s -> s.put("bad", "").put("good", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.store.endsOf("good").isEmpty());
      PoolFixture.until(() -> !fixture.store.endsOf("bad").isEmpty());
      assertThat(fixture.events(PoolEvent.RunTimedOut.class)).hasSize(1);
      assertThat(fixture.store.endsOf("bad").toString()).doesNotContain("secret");
    }
  }

  @Test
  void aFailurePolicyThatHangs() {
    badEndsByItsLimitAndGoodGoesOn(
        PoolFixture.with((unit, run) -> bad(unit))
            .limits(
                l ->
                    l.timeout(Duration.ofMillis(500))
                        .failurePolicy(
                            (error, attempt) -> {
                              never.join();
                              return FailurePolicy.Verdict.RETRY;
                            })));
  }

  @Test
  void aCodecThatHangs() {
    Codec<String> hangs =
        new Codec<>() {
          @Override
          public String encode(String payload) {
            return payload;
          }

          @Override
          public String decode(String json) {
            return json.equals("bad") ? never.join() : json;
          }
        };
    ItemType<String> type = ItemType.of("test", String.class).withCodec(hangs);
    FakeStore store = new FakeStore().put("bad", "bad").put("good", "");
    try (Pool pool =
        Pool.builder(store)
            .processor(type, (unit, run) -> Outcome.done(), l -> l.timeout(Duration.ofMillis(500)))
            .slots(1)
            .pollInterval(Duration.ofMillis(5), Duration.ofMillis(50))
            .closeTimeout(Duration.ZERO)
            .start()) {
      PoolFixture.until(() -> store.written.size() == 2);
      PoolFixture.until(() -> pool.health().abandoned().size() == 1);
      assertThat(pool.health().abandoned().get(0).stack()).contains("decode");
    }
  }

  @Test
  void aRedactorThatHangsWhenTheCommitHasFailedIsCountedAndNamed() {
    UnaryOperator<String> hangs = text -> never.join();
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.apply(new FakeStore.Step(() -> {})))
            .settings(p -> p.slots(1).redactor(hangs))
            .build()) {
      fixture.store.onCommit =
          () -> {
            throw new IllegalStateException("deferred constraint");
          };
      fixture.store.put("bad", "");
      fixture.pool.start();
      PoolFixture.until(() -> !fixture.events(PoolEvent.RunAbandoned.class).isEmpty());
      assertThat(fixture.pool.health().live()).as("slots in use").isZero();
      assertThat(fixture.pool.health().abandoned().get(0).stack()).contains("HostCodeTest");
      fixture.store.onCommit = () -> {};
      fixture.store.put("good", "");
      PoolFixture.until(() -> !fixture.store.endsOf("good").isEmpty());
      never.complete("redacted");
      PoolFixture.until(() -> !fixture.store.endsOf("bad").isEmpty());
      PoolFixture.until(() -> fixture.pool.health().abandoned().isEmpty());
    }
  }

  @Test
  void aCallbackThatHangsOrThrows() {
    for (Runnable callback :
        new Runnable[] {
          never::join,
          () -> {
            throw new IllegalStateException("callback");
          }
        }) {
      try (PoolFixture fixture =
          PoolFixture.with((unit, run) -> bad(unit, run))
              .limits(l -> l.timeout(Duration.ofMillis(500)))
              .settings(
                  p ->
                      p.slots(1)
                          .maxAbandoned(1)
                          .stallReportInterval(Duration.ofMillis(100))
                          .whenSaturatedFor(Duration.ofSeconds(1), callback))
              .content(s -> s.put("bad", ""))
              .start()) {
        PoolFixture.until(() -> fixture.pool.health().liveness() == Health.Status.DOWN);
        int stalls = fixture.events(PoolEvent.Stalled.class).size();
        PoolFixture.until(() -> fixture.events(PoolEvent.Stalled.class).size() > stalls + 2);
      }
    }
  }

  private Outcome bad(WorkUnit<String> unit, RunContext run) {
    run.onCancel(() -> {});
    never.join();
    return bad(unit);
  }
}
