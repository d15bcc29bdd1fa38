package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.BreakerPolicy;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Guards when a breaker opens, how it probes, and when it closes. */
class BreakerTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestClock clock = new TestClock();
  private final AtomicInteger wakes = new AtomicInteger();
  private final Breaker breaker = breaker(BreakerPolicy.standard());

  private Breaker breaker(BreakerPolicy policy) {
    return new Breaker(
        "test", policy, clock, new Events("test", List.of()), wakes::incrementAndGet);
  }

  /** A run that begins now and fails a second later. */
  private boolean failsNow(String key) {
    return failsNow(key, 1, true);
  }

  private boolean failsNow(String key, int attempt, boolean ofProvider) {
    long begun = clock.nanoTime();
    clock.advance(SECOND);
    return breaker.excuses(failure(key, attempt, begun, ofProvider));
  }

  private Breaker.Failure failure(String key, int attempt, long begun, boolean ofProvider) {
    return new Breaker.Failure(key, attempt, begun, clock.nanoTime(), ofProvider, "down");
  }

  private void open() {
    failsNow("a");
    failsNow("b");
    assertThat(failsNow("c")).isTrue();
  }

  @Test
  void threeKeysThatFailOneAfterAnotherOpenIt() {
    assertThat(failsNow("a")).isFalse();
    assertThat(failsNow("b")).isFalse();
    assertThat(breaker.room()).isEqualTo(Integer.MAX_VALUE);
    assertThat(breaker.inWords()).isNull();
    assertThat(failsNow("c")).isTrue();
    assertThat(breaker.room()).isEqualTo(1);
    assertThat(breaker.inWords()).contains("all of type test fails, for PT0S", "down");
    assertThat(failsNow("a")).isTrue();
  }

  @Test
  void oneKeyThatFailsAgainAndAgainDoesNot() {
    for (int i = 0; i < 20; i++) {
      assertThat(failsNow(i % 2 == 0 ? "a" : "b")).isFalse();
    }
  }

  @Test
  void runsThatFailSideBySideCountOnce() {
    long begun = clock.nanoTime();
    clock.advance(SECOND);
    for (int i = 0; i < 8; i++) {
      assertThat(breaker.excuses(failure("key" + i, 1, begun, true))).isFalse();
    }
    assertThat(failsNow("x")).isFalse();
    assertThat(failsNow("y")).isTrue();
  }

  @Test
  void whoFailsByItselfOpensItAtTheFirstAttemptOnly() {
    for (int i = 0; i < 20; i++) {
      assertThat(failsNow("key" + i, 2, false)).isFalse();
    }
    assertThat(failsNow("key1", 2, true)).isFalse();
    assertThat(failsNow("key2", 1, false)).isFalse();
    assertThat(failsNow("key3", 1, false)).isTrue();
  }

  @Test
  void whileItIsOpenWhoFailsByItselfIsExcusedOnce() {
    open();
    assertThat(failsNow("x", 3, false)).isTrue();
    assertThat(failsNow("x", 3, false)).isFalse();
    assertThat(failsNow("x", 4, true)).as("its provider is why").isTrue();
    assertThat(failsNow("y", 1, false)).isTrue();
  }

  @Test
  void oneThatIsDoneInBetweenBeginsTheRowAnew() {
    failsNow("a");
    failsNow("b");
    breaker.succeeded(clock.nanoTime());
    assertThat(failsNow("c")).isFalse();
    assertThat(failsNow("d")).isFalse();
    assertThat(failsNow("e")).isTrue();
  }

  @Test
  void probesComeAtOnceThenAtGrowingIntervalsUpToTheLongest() {
    open();
    Duration longest = Duration.ZERO;
    for (int probe = 1; probe <= 12; probe++) {
      assertThat(breaker.room()).isEqualTo(1);
      assertThat(breaker.untilProbe(HOUR)).as("one that is due finds none").isEqualTo(HOUR);
      breaker.claimed();
      assertThat(breaker.room()).isZero();
      Duration rest = breaker.untilProbe(HOUR);
      Duration whole = Duration.ofSeconds(Math.min(60, 1L << (probe - 1)));
      assertThat(rest).isBetween(whole.dividedBy(2), whole);
      longest = rest;
      clock.advance(rest.minusNanos(1));
      assertThat(breaker.room()).isZero();
      clock.advance(Duration.ofNanos(1));
    }
    assertThat(longest).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
    assertThat(breaker.inWords()).contains("12 so far", "at most PT1M apart");
  }

  @Test
  void theFirstThatBeganSinceAndIsDoneClosesIt() {
    long before = clock.nanoTime();
    open();
    breaker.succeeded(before);
    assertThat(breaker.room()).as("a success that began before the outage").isEqualTo(1);
    assertThat(wakes).hasValue(0);
    breaker.claimed();
    breaker.succeeded(clock.nanoTime());
    assertThat(breaker.room()).isEqualTo(Integer.MAX_VALUE);
    assertThat(breaker.inWords()).isNull();
    assertThat(breaker.untilProbe(HOUR)).isEqualTo(HOUR);
    assertThat(wakes).as("what waited is claimed at once").hasValue(1);
    assertThat(failsNow("a")).as("and the row begins anew").isFalse();
  }

  @Test
  void whereThereIsNoneNothingOpens() {
    Breaker none = breaker(BreakerPolicy.off());
    for (int i = 0; i < 20; i++) {
      assertThat(none.excuses(failure("key" + i, 1, clock.nanoTime(), true))).isFalse();
      clock.advance(SECOND);
    }
    assertThat(none.room()).isEqualTo(Integer.MAX_VALUE);
  }
}
