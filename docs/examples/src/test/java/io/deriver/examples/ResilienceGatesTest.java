package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Gate;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.testkit.store.InMemoryWorkStore;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The gates of the configuration page on a pool. */
@Timeout(120)
class ResilienceGatesTest {

  private static final ItemType<String> TYPE = ItemType.of("summary", String.class);
  private static final int KEYS = 20;

  private final InMemoryWorkStore store = new InMemoryWorkStore();
  private final AtomicBoolean down = new AtomicBoolean();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  private Pool pool(Gate gate) {
    for (int i = 0; i < KEYS; i++) {
      store.enqueue(Item.of(TYPE, "key" + i, "x"));
    }
    return Pool.builder(store)
        .slots(4)
        .pollInterval(Duration.ofMillis(10), Duration.ofMillis(50))
        .processor(
            TYPE,
            (unit, run) -> {
              calls.incrementAndGet();
              if (down.get()) {
                throw new IllegalStateException("503");
              }
              done.incrementAndGet();
              return Outcome.done();
            },
            limits -> limits.gate(gate))
        .start();
  }

  @Test
  void aCircuitBreakerThatIsOpenLetsNobodyCall() {
    CircuitBreaker breaker =
        CircuitBreaker.of(
            "llm",
            CircuitBreakerConfig.custom()
                .minimumNumberOfCalls(4)
                .slidingWindowSize(4)
                .waitDurationInOpenState(Duration.ofDays(1))
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
    down.set(true);
    try (Pool pool = pool(ResilienceGates.of(breaker, Duration.ofMillis(50)))) {
      await().until(() -> breaker.getState() == CircuitBreaker.State.OPEN);
      await().until(() -> !pool.health().reasons().isEmpty() && pool.health().live() == 0);
      int before = calls.get();
      assertThat(before).isBetween(4, 8);
      assertThat(store.counts().deadLetters()).isZero();

      down.set(false);
      breaker.transitionToHalfOpenState();
      await().atMost(Duration.ofSeconds(60)).until(() -> done.get() == KEYS);
      assertThat(calls.get()).as("none while it was open").isEqualTo(before + KEYS);
      assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }
  }

  @Test
  void aRateLimiterLetsSoManyCallInEachPeriod() {
    Duration period = Duration.ofMillis(200);
    RateLimiter limiter =
        RateLimiter.of(
            "llm",
            RateLimiterConfig.custom()
                .limitForPeriod(5)
                .limitRefreshPeriod(period)
                .timeoutDuration(Duration.ZERO)
                .build());
    long begin = System.nanoTime();
    try (Pool pool = pool(ResilienceGates.of(limiter))) {
      await().atMost(Duration.ofSeconds(60)).until(() -> done.get() == KEYS);
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .as("twenty calls, five in a period")
          .isGreaterThan(period.multipliedBy(2));
      assertThat(pool.work(TYPE).unitsReleased()).isPositive();
    }
  }
}
