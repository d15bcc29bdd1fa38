package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolEvent;
import io.deriver.WorkCounts;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimId;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Guards that each event is counted for what it is, for its type, and for nothing else. */
class WorkTallyTest {

  private static final ClaimId CLAIM = new ClaimId("test", "a", 1, "node-1");
  private static final Duration SECOND = Duration.ofSeconds(1);

  static Stream<Arguments> events() {
    return Stream.of(
        Arguments.of(
            new PoolEvent.RunStarted(CLAIM, 1, 3), new WorkCounts(1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
        Arguments.of(
            new PoolEvent.UnitCompleted(CLAIM, 1, 3, SECOND),
            new WorkCounts(0, 0, 1, 3, 0, 0, 0, 0, 0, 0, 0)),
        Arguments.of(
            new PoolEvent.UnitDeadLettered(CLAIM, 1, 3, Cause.TIMEOUT, "why"),
            new WorkCounts(0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0)),
        Arguments.of(
            new PoolEvent.UnitDiscarded(CLAIM, 1, "why"),
            new WorkCounts(0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0)),
        Arguments.of(
            new PoolEvent.UnitRetried(CLAIM, 1, Cause.FAILURE, "why", SECOND),
            new WorkCounts(0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0)),
        Arguments.of(
            new PoolEvent.UnitRetried(CLAIM, 1, Cause.TIMEOUT, "why", SECOND),
            new WorkCounts(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0)),
        Arguments.of(
            new PoolEvent.UnitReleased(CLAIM, 1, "why", SECOND),
            new WorkCounts(0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0)),
        Arguments.of(
            new PoolEvent.UnitSplit(CLAIM, 1, 2, 3, 4, "why", SECOND),
            new WorkCounts(0, 0, 0, 2, 4, 0, 1, 0, 0, 0, 0)),
        Arguments.of(
            new PoolEvent.UnitSplit(CLAIM, 1, 2, 0, 4, "why", SECOND),
            new WorkCounts(0, 0, 0, 2, 4, 0, 0, 0, 0, 0, 0)),
        Arguments.of(
            new PoolEvent.RunTimedOut(CLAIM, 1, "timeout", SECOND, ""),
            new WorkCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0)),
        Arguments.of(
            new PoolEvent.RunCancelled(CLAIM, 1, "why"),
            new WorkCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0)),
        Arguments.of(
            new PoolEvent.WriteRefused(CLAIM, "Completed"),
            new WorkCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
        Arguments.of(
            new PoolEvent.WriteUnknown(CLAIM, "Completed"),
            new WorkCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
        Arguments.of(
            new PoolEvent.WriteGivenUp(CLAIM, "Completed", "why"),
            new WorkCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
        Arguments.of(
            new PoolEvent.LateReturn(CLAIM, 1, SECOND, 0),
            new WorkCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
  }

  @ParameterizedTest
  @MethodSource("events")
  void eachEventCountsForWhatItIs(PoolEvent event, WorkCounts once) {
    WorkTally tally = new WorkTally();
    tally.count(event);
    assertThat(tally.counts("test")).isEqualTo(once);
    assertThat(tally.counts("other")).isEqualTo(new WorkCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  }
}
