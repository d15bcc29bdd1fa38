package io.deriver.benchmarks.hangs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Guards which calls hang, and how many slots they are found to have had. */
class HeldTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void slotsOfCallsThatHungForPartOfTheTime() {
    List<Held> held = List.of(new Held(2 * SECOND, 4 * SECOND), new Held(3 * SECOND, 4 * SECOND));

    assertThat(Held.mean(held, SECOND, 7 * SECOND)).isEqualTo(0.5);
  }

  @Test
  void whatIsBeforeAndAfterDoesNotCount() {
    List<Held> held =
        List.of(
            new Held(0, 3 * SECOND),
            new Held(4 * SECOND, 9 * SECOND),
            new Held(0, SECOND),
            new Held(6 * SECOND, 7 * SECOND));

    assertThat(Held.mean(held, 2 * SECOND, 6 * SECOND)).isEqualTo(0.75);
  }

  @Test
  void aClockThatPassesItsEndCountsOn() {
    long begun = Long.MAX_VALUE - SECOND;
    List<Held> held = List.of(new Held(begun, begun + 2 * SECOND));

    assertThat(Held.mean(held, begun, begun + 4 * SECOND)).isEqualTo(0.5);
  }

  @Test
  void aTenthOfEachAttemptHangs() {
    assertThat(IntStream.range(0, 1_000).filter(number -> Calls.hangs(number, 1))).hasSize(100);
    assertThat(IntStream.range(0, 1_000).filter(number -> Calls.hangs(number, 2))).hasSize(10);
  }
}
