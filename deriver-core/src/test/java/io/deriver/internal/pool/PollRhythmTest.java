package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The manners of polling: rests double from the shortest to the longest, spread, until work comes.
 */
class PollRhythmTest {

  private static final Duration MIN = Duration.ofSeconds(1);
  private static final Duration MAX = Duration.ofSeconds(30);

  private final PollRhythm rhythm = new PollRhythm(MIN, MAX, new SplittableRandom(7));

  @Test
  void restsDoubleWithJitterAndOnlyWorkResetsThem() {
    for (int second : List.of(1, 2, 4, 8, 16, 30, 30, 30)) {
      Duration whole = Duration.ofSeconds(second);
      assertThat(rhythm.rest()).isBetween(whole.multipliedBy(3).dividedBy(4), whole);
    }
    rhythm.reset();
    assertThat(rhythm.rest()).isLessThanOrEqualTo(MIN);
  }

  @Test
  void nodesStartedTogetherSpreadOut() {
    List<Duration> starts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      starts.add(rhythm.startUp());
    }
    assertThat(starts).allMatch(start -> !start.isNegative() && start.compareTo(MIN) < 0);
    assertThat(starts).doesNotHaveDuplicates();
  }
}
