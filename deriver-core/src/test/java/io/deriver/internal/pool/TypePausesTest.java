package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolEvent;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Guards how long a type is paused, and that this is told once. */
class TypePausesTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration REST = Duration.ofHours(1);

  private final TestClock clock = new TestClock();
  private final TypePauses pauses = TestRuns.pauses(clock);

  @Test
  void aPauseEndsToTheNanosecond() {
    pauses.pause("a", MINUTE, "why");
    clock.advance(MINUTE.minusNanos(1));
    assertThat(pauses.isPaused("a")).isTrue();
    assertThat(pauses.isPaused("b")).isFalse();
    clock.advance(Duration.ofNanos(1));
    assertThat(pauses.isPaused("a")).isFalse();
  }

  @Test
  void theLongestCounts() {
    pauses.pause("a", MINUTE, "long");
    pauses.pause("a", Duration.ofSeconds(1), "short");
    clock.advance(Duration.ofSeconds(2));
    assertThat(pauses.inWords()).containsExactly("type a is paused for another PT58S: long");
    pauses.pause("a", MINUTE.multipliedBy(2), "longer");
    assertThat(pauses.inWords()).containsExactly("type a is paused for another PT2M: longer");
  }

  @Test
  void whoWaitsIsBackWhenTheFirstIsOver() {
    assertThat(pauses.untilNext(REST)).isEqualTo(REST);
    pauses.pause("a", MINUTE, "why");
    pauses.pause("b", Duration.ofSeconds(9), "why");
    assertThat(pauses.untilNext(REST)).isEqualTo(Duration.ofSeconds(9));
    assertThat(pauses.untilNext(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
    clock.advance(Duration.ofSeconds(20));
    assertThat(pauses.isPaused("b")).isFalse();
    assertThat(pauses.untilNext(REST)).isEqualTo(Duration.ofSeconds(40));
    clock.advance(MINUTE);
    assertThat(pauses.inWords()).isEmpty();
  }

  @Test
  void aPauseIsOverInWordsWhenItIsOverInDeed() {
    pauses.pause("a", MINUTE, "why");
    clock.advance(MINUTE);
    assertThat(pauses.inWords()).isEmpty();
  }

  @Test
  void itIsToldOnceForManyUnitsThatFailOfOneCause() throws Exception {
    List<PoolEvent> told = new CopyOnWriteArrayList<>();
    Events events = new Events("test", List.of(told::add));
    events.start();
    TypePauses telling = new TypePauses(clock, events);
    telling.pause("a", MINUTE, "first");
    telling.pause("a", MINUTE, "of the same moment");
    telling.pause("a", MINUTE.minusNanos(1), "shorter");
    telling.pause("a", MINUTE.plusNanos(1), "longer");
    events.stop(Duration.ofSeconds(5));
    assertThat(told)
        .containsExactly(
            new PoolEvent.TypePaused("a", MINUTE, "first"),
            new PoolEvent.TypePaused("a", MINUTE.plusNanos(1), "longer"));
  }
}
