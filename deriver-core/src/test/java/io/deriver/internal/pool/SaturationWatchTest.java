package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolFixture;
import io.deriver.TestClock;
import io.deriver.internal.PoolSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Invariant 9: liveness is DOWN for as long as no thread comes back, and no longer. */
class SaturationWatchTest {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final TestClock clock = new TestClock();
  private final AtomicInteger called = new AtomicInteger();
  private final Events events = new Events("test", List.of());
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(1, clock, events, outcomes, () -> {});
  private final SaturationWatch watch =
      new SaturationWatch(settings(), abandoned, called::incrementAndGet, clock, events);

  private static PoolSettings settings() {
    Duration second = Duration.ofSeconds(1);
    return new PoolSettings(
        "test",
        2,
        Duration.ofSeconds(34),
        second,
        second,
        second,
        Duration.ofSeconds(30),
        second,
        second,
        1,
        LIMIT,
        100,
        second,
        second,
        false);
  }

  @Test
  void aThreadThatComesBackAboveTheCapTakesItBack() {
    Run stays = TestRuns.run(clock, 1, limits -> {});
    Run returns = TestRuns.run(clock, 2, limits -> {});
    abandoned.add(stays);
    abandoned.add(returns);
    watch.look();
    clock.advance(LIMIT);
    watch.look();
    assertThat(watch.onlyARestartHelps()).isTrue();

    abandoned.returned(returns);
    watch.look();

    assertThat(abandoned.atCap()).isTrue();
    assertThat(watch.onlyARestartHelps()).isFalse();
    clock.advance(LIMIT);
    watch.look();
    assertThat(watch.onlyARestartHelps()).isTrue();
    PoolFixture.until(() -> called.get() > 0);
    assertThat(called).as("calls of the host").hasValue(1);
  }
}
