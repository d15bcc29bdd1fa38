package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What ends a rest between polls: a due time, a hint, an outcome that was written, a close. */
class PollingTest {

  private static final Duration LONG = Duration.ofHours(1);

  private static PoolFixture.Builder resting() {
    return PoolFixture.with((unit, run) -> Outcome.done())
        .settings(p -> p.pollInterval(Duration.ofMillis(1), LONG).slots(2));
  }

  /** Polls until the rests have become so long that no further poll comes by itself. */
  private static PoolFixture asleep(PoolFixture.Builder builder) {
    PoolFixture fixture = builder.start();
    PoolFixture.until(
        () -> {
          int claims = fixture.store.claims.get();
          int reaps = fixture.store.reaps.get();
          PoolFixture.until(() -> fixture.store.reaps.get() >= reaps + 10);
          return fixture.store.claims.get() == claims;
        });
    return fixture;
  }

  @Test
  void aDueTimeEndsTheRest() {
    PoolFixture.Builder builder = resting().content(s -> s.nextDue = Duration.ofMillis(30));
    try (PoolFixture fixture = builder.start()) {
      PoolFixture.until(() -> fixture.store.claims.get() >= 30);
    }
  }

  @Test
  void aHintEndsTheRest() {
    try (PoolFixture fixture = asleep(resting())) {
      fixture.store.put("a", "");
      fixture.store.hintNow();
      PoolFixture.until(fixture.store::isEmpty);
    }
  }

  @Test
  void anOutcomeThatWasWrittenEndsTheRestForTheRestOfItsKey() {
    try (PoolFixture fixture =
        asleep(
            PoolFixture.with(
                    (unit, run) ->
                        unit.key().equals("more")
                            ? Outcome.release(Duration.ZERO, "again")
                            : Outcome.done())
                .settings(p -> p.pollInterval(Duration.ofMillis(1), LONG)))) {
      AtomicBoolean put = new AtomicBoolean();
      fixture.store.onWrite =
          () -> {
            if (put.compareAndSet(false, true)) {
              fixture.store.put("behind", "");
            }
          };
      fixture.store.put("more", "");
      fixture.store.hintNow();
      PoolFixture.until(() -> !fixture.store.endsOf("behind").isEmpty());
    }
  }

  @Test
  void closingEndsTheRestAtOnce() {
    PoolFixture fixture = asleep(resting());
    long began = System.nanoTime();
    fixture.close();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aPausedPoolClaimsNothingUntilItIsResumed() {
    try (PoolFixture fixture = asleep(resting())) {
      fixture.pool.pause();
      int claims = fixture.store.claims.get();
      fixture.store.put("a", "");
      fixture.store.hintNow();
      int reaps = fixture.store.reaps.get();
      PoolFixture.until(() -> fixture.store.reaps.get() >= reaps + 5);
      assertThat(fixture.store.claims).hasValue(claims);
      fixture.pool.resume();
      PoolFixture.until(fixture.store::isEmpty);
    }
  }
}
