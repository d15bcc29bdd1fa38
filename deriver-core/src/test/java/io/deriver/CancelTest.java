package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a processor registers is closed when its run is ended by force, and only then. */
class CancelTest {

  private final List<String> closed = new CopyOnWriteArrayList<>();
  private final CompletableFuture<RunContext> ended = new CompletableFuture<>();

  @Test
  void newestFirstWhateverTheyThrowAndAtOnceAfterwards() throws Exception {
    CompletableFuture<Outcome> call = new CompletableFuture<>();
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  run.onCancel(
                      () -> {
                        closed.add("oldest");
                        call.complete(Outcome.done());
                      });
                  run.onCancel(
                      () -> {
                        closed.add("throws");
                        throw new IllegalStateException("close");
                      });
                  run.onCancel(() -> closed.add("taken back")).close();
                  run.onCancel(() -> closed.add("newest"));
                  Outcome late = call.join();
                  ended.complete(run);
                  return late;
                })
            .limits(l -> l.timeout(Duration.ofMillis(500)))
            .content(s -> s.put("a", ""))
            .start()) {
      PoolFixture.until(ended::isDone);
      assertThat(closed).containsExactly("newest", "throws", "oldest");
      PoolFixture.until(() -> fixture.pool.health().live() == 0);
      RunContext run = ended.get();
      run.onCancel(() -> closed.add("late"));
      assertThat(closed).endsWith("late");
      assertThat(run.isCancelled()).isTrue();
      assertThat(run.timeRemaining()).isZero();
      assertThatThrownBy(run::throwIfCancelled)
          .isInstanceOf(RunCancelledException.class)
          .hasMessageContaining("key=a");
    }
  }

  @Test
  void nothingIsClosedWhenARunEndsByItself() throws Exception {
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  run.onCancel(() -> closed.add("closed"));
                  ended.complete(run);
                  return Outcome.done();
                })
            .content(s -> s.put("a", ""))
            .start()) {
      PoolFixture.until(fixture.store::isEmpty);
      assertThat(ended.get().isCancelled()).isFalse();
    }
    assertThat(closed).isEmpty();
  }
}
