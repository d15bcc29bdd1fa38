package io.deriver.examples;

import io.deriver.Gate;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Gates made of Resilience4j: its circuit breaker, and its rate limiter. */
public final class ResilienceGates {

  private ResilienceGates() {}

  // docs:start circuit-breaker-gate
  /**
   * Calls as a circuit breaker allows; while it is open, the type is looked at every few seconds.
   */
  public static Gate of(CircuitBreaker breaker, Duration lookAgain) {
    return new Gate() {
      @Override
      public Duration enter() {
        return breaker.tryAcquirePermission() ? Duration.ZERO : lookAgain;
      }

      @Override
      public void left(Exit how, Duration took, @Nullable Throwable error) {
        if (how == Exit.DONE) {
          breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
        } else {
          Throwable why = error == null ? new TimeoutException(how.name()) : error;
          breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, why);
        }
      }
    };
  }

  // docs:end

  // docs:start rate-limiter-gate
  /** As many calls in a period as a rate limiter allows; give it a timeoutDuration of zero. */
  public static Gate of(RateLimiter limiter) {
    return new Gate() {
      @Override
      public Duration enter() {
        return limiter.acquirePermission()
            ? Duration.ZERO
            : limiter.getRateLimiterConfig().getLimitRefreshPeriod();
      }

      @Override
      public void left(Exit how, Duration took, @Nullable Throwable error) {}
    };
  }
  // docs:end
}
