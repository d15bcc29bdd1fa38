package io.deriver.testkit.regression;

import io.deriver.Backoff;
import io.deriver.Limits;
import io.deriver.internal.Checks;
import io.deriver.testkit.catalogue.Expected;
import io.deriver.testkit.catalogue.HangShape;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a shape is played; what the values mean, {@link DeadlockRegression} says. */
record PlaySettings(
    int slots,
    int healthy,
    Consumer<Limits.Builder> limits,
    @Nullable Duration patience,
    Duration within,
    int callsPerAttempt,
    boolean virtualThreads) {

  private static final Duration MIN = Duration.ofMillis(100);
  private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration IT_COMES_BACK = Duration.ofSeconds(10);
  private static final Duration NOTHING_FREES_IT = Duration.ofSeconds(3);
  private static final Duration MAX = Duration.ofMinutes(10);

  PlaySettings {
    Checks.between("slots", slots, 1, 64);
    Checks.between("healthy", healthy, 1, 1_000);
    if (patience != null) {
      Checks.between("patience", patience, MIN, MAX);
    }
    Checks.between("within", within, MIN, MAX);
    Checks.between("callsPerAttempt", callsPerAttempt, 1, 100);
    Limits.Builder collected = Limits.builder();
    limits.accept(collected);
    Checks.between("timeout", collected.build().timeout(), MIN, LONGEST_TIMEOUT);
  }

  /** Longer where it is not spent, unless a thread that should come back does not. */
  Duration patienceIn(HangShape shape) {
    if (patience != null) {
      return patience;
    }
    return shape.expected() == Expected.ABANDONED ? NOTHING_FREES_IT : IT_COMES_BACK;
  }

  /** Short, and with more attempts than a slow machine can cost a healthy unit. */
  static void shortLimits(Limits.Builder limits) {
    limits
        .timeout(Duration.ofSeconds(2))
        .idleTimeout(Duration.ofSeconds(1))
        .maxAttempts(10)
        .backoff(Backoff.exponential(Duration.ofMillis(50), Duration.ofMillis(500)));
  }
}
