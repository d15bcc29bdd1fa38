package io.deriver.internal.pool;

import io.deriver.Backoff;
import io.deriver.Cut;
import io.deriver.Limits;
import io.deriver.TestClock;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimId;
import io.deriver.spi.StoredItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** Runs of any attempt, size and age, and the breaker of their type. */
final class JudgedRuns {

  static final Duration BACKOFF = Duration.ofSeconds(5);

  final TestClock clock = new TestClock();
  final Breakers breakers = TestRuns.breakers(clock);
  private long fences;

  Run run(int attempt, int items) {
    return run(attempt, items, limits -> {});
  }

  Run run(int attempt, int items, Consumer<Limits.Builder> limits) {
    return run(attempt, items, Duration.ZERO, limits);
  }

  /** A run of the items 1, 2 and so on, of a key of its own, that waited so long. */
  Run run(int attempt, int items, Duration age, Consumer<Limits.Builder> limits) {
    long fence = ++fences;
    List<StoredItem> stored =
        LongStream.rangeClosed(1, items)
            .mapToObj(id -> new StoredItem(id, "payload", 1, "", Instant.EPOCH))
            .toList();
    return new Run(
        new Claim(
            new ClaimId("test", "key" + fence, fence, "node-1"),
            attempt,
            Standing.REGULAR,
            stored,
            Cut.NOTHING,
            age),
        TestRuns.served(
            builder ->
                limits.accept(
                    builder.maxAttempts(3).backoff(Backoff.exponential(BACKOFF, BACKOFF)))),
        clock);
  }

  /** Three keys fail, one after another: all of the type seems to fail. */
  void outage() {
    for (String key : List.of("x", "y", "z")) {
      long begun = clock.nanoTime();
      clock.advance(Duration.ofMillis(1));
      boolean unused =
          breakers
              .of("test")
              .excuses(new Breaker.Failure(key, 1, begun, clock.nanoTime(), true, "down"));
    }
  }

  boolean isOutage() {
    return !breakers.inWords().isEmpty();
  }
}
