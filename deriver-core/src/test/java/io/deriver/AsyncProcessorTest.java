package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.spi.ClaimEnd;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Invariant 1 where no thread is held: an asynchronous processor's run has the same limits, the
 * same rules, and an end, whatever its stage does.
 */
class AsyncProcessorTest {

  private final Map<String, CompletableFuture<Outcome>> stages = new ConcurrentHashMap<>();

  @AfterEach
  void letGo() {
    stages.values().forEach(stage -> stage.complete(Outcome.done()));
  }

  private CompletableFuture<Outcome> stage(String key) {
    return stages.computeIfAbsent(key, k -> new CompletableFuture<>());
  }

  private PoolFixture.Builder staged() {
    return PoolFixture.withAsync((unit, run) -> stage(unit.key()));
  }

  @Test
  void noThreadIsHeldWhileAStageIsOpen() {
    try (PoolFixture fixture =
        staged()
            .settings(p -> p.name("staged").slots(100))
            .content(
                s -> {
                  for (int i = 0; i < 100; i++) {
                    s.put("k" + i, "");
                  }
                })
            .start()) {
      PoolFixture.until(() -> stages.size() == 100);
      // Idle threads of the pool's end a few seconds after their last work.
      await().atMost(Duration.ofSeconds(20)).until(() -> runThreads() == 0);
      assertThat(fixture.pool.health().live()).as("slots in use").isEqualTo(100);
      assertThat(fixture.pool.health().longest().get(0).stack())
          .contains("it holds no thread")
          .contains(CompletableFuture.class.getName());
      stages.values().forEach(stage -> stage.complete(Outcome.done()));
      PoolFixture.until(fixture.store::isEmpty);
      assertThat(fixture.pool.health().live()).isZero();
    }
  }

  private static long runThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("deriver-staged-run-"))
        .count();
  }

  @Test
  void aStageEndsItsRunAsAReturnWould() {
    AtomicReference<String> stepThread = new AtomicReference<>("");
    try (PoolFixture fixture =
        staged()
            .content(s -> s.put("done", "").put("fails", "").put("null", "").put("apply", ""))
            .start()) {
      PoolFixture.until(() -> stages.size() == 4);
      stage("done").complete(Outcome.done());
      stage("fails").completeExceptionally(new CompletionException(new IllegalStateException("x")));
      stage("null").complete(null);
      stage("apply")
          .complete(
              Outcome.apply(
                  new FakeStore.Step(() -> stepThread.set(Thread.currentThread().getName()))));
      PoolFixture.until(() -> fixture.store.written.size() == 4);
      assertThat(fixture.store.endsOf("done")).containsExactly(new ClaimEnd.Completed());
      assertThat(fixture.store.endsOf("apply")).containsExactly(new ClaimEnd.Completed());
      assertThat(stepThread.get()).as("the step's thread").contains("-run-");
      assertThat(errorOf(fixture, "fails")).startsWith("java.lang.IllegalStateException: x");
      assertThat(errorOf(fixture, "null")).contains("returned null");
    }
  }

  private static String errorOf(PoolFixture fixture, String key) {
    return ((ClaimEnd.Retried) fixture.store.endsOf(key).get(0)).error();
  }

  @Test
  @SuppressWarnings("NullAway") // a host without null checks
  void whatIsThrownBeforeThereIsAStageIsAFailure() {
    try (PoolFixture fixture =
        PoolFixture.withAsync(
                (unit, run) -> {
                  if (unit.key().equals("throws")) {
                    throw new IllegalStateException("no client");
                  }
                  return null;
                })
            .content(s -> s.put("throws", "").put("null", ""))
            .start()) {
      PoolFixture.until(() -> fixture.store.written.size() == 2);
      assertThat(errorOf(fixture, "throws")).contains("no client");
      assertThat(errorOf(fixture, "null")).contains("must return a stage");
    }
  }

  @Test
  void aStageThatIsNeverCompleteIsCancelledAtTheLimit() {
    List<String> closed = new CopyOnWriteArrayList<>();
    try (PoolFixture fixture =
        PoolFixture.withAsync(
                (unit, run) -> {
                  run.onCancel(() -> closed.add(unit.key()));
                  return stage(unit.key());
                })
            .limits(l -> l.timeout(Duration.ofSeconds(10)).idleTimeout(Duration.ofMillis(500)))
            .content(s -> s.put("never", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.events(PoolEvent.RunTimedOut.class).isEmpty());
      assertThat(fixture.events(PoolEvent.RunTimedOut.class))
          .singleElement()
          .satisfies(
              e -> {
                assertThat(e.limit()).isEqualTo("idleTimeout");
                assertThat(e.stack()).contains(CompletableFuture.class.getName());
              });
      PoolFixture.until(() -> stage("never").isCancelled() && closed.contains("never"));
      PoolFixture.until(() -> fixture.events(PoolEvent.LateReturn.class).size() == 1);
      PoolFixture.until(() -> fixture.pool.health().abandoned().isEmpty());
      PoolFixture.until(() -> fixture.store.endsOf("never").size() == 1);
      assertThat(errorOf(fixture, "never")).contains("idleTimeout");
    }
  }

  @Test
  void aStageThatCannotBeCancelledCountsAsAbandonedUntilItIsComplete() {
    try (PoolFixture fixture =
        PoolFixture.withAsync((unit, run) -> stage(unit.key()).minimalCompletionStage())
            .limits(l -> l.timeout(Duration.ofMillis(500)))
            .settings(p -> p.maxAbandoned(1))
            .content(s -> s.put("stays", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.events(PoolEvent.RunAbandoned.class).isEmpty());
      assertThat(fixture.pool.health().readiness()).isEqualTo(Health.Status.DOWN);
      fixture.store.put("waits", "");
      fixture.store.hintNow();
      stage("stays").complete(Outcome.done());
      PoolFixture.until(() -> stages.containsKey("waits"));
      assertThat(fixture.store.endsOf("stays"))
          .as("what came late is not used")
          .singleElement()
          .isInstanceOf(ClaimEnd.Retried.class);
      PoolFixture.until(() -> !fixture.events(PoolEvent.LateReturn.class).isEmpty());
    }
  }
}
