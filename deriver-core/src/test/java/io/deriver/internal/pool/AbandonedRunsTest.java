package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolEvent;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invariants 9 and 11: who counts as abandoned, since when, and how late it came back. */
class AbandonedRunsTest {

  private final TestClock clock = new TestClock();
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(2, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});

  @BeforeEach
  void start() {
    events.start();
  }

  @AfterEach
  void stop() throws Exception {
    events.stop(Duration.ofSeconds(10));
  }

  private Run ended(long fence) {
    Run run = TestRuns.run(clock, fence, limits -> {});
    runs.add(run);
    clock.advance(Duration.ofMinutes(10));
    runs.end(run, new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, Duration.ofMinutes(10)));
    return run;
  }

  @Test
  void howLateItIsIsMeasuredFromItsEndAndNotFromItsStart() throws Exception {
    Run run = ended(1);
    clock.advance(Duration.ofSeconds(3));
    abandoned.returned(run);

    events.stop(Duration.ofSeconds(10));
    assertThat(told)
        .singleElement()
        .isInstanceOfSatisfying(
            PoolEvent.LateReturn.class,
            late -> {
              assertThat(late.late()).isEqualTo(Duration.ofSeconds(3));
              assertThat(late.stillAbandoned()).isZero();
            });
  }

  @Test
  void whoIsStillAwayIsToldWithoutTheOneThatIsBack() throws Exception {
    Run back = ended(1);
    Run away = ended(2);
    abandoned.closing(back);
    abandoned.closing(away);
    abandoned.returned(back);

    events.stop(Duration.ofSeconds(10));
    assertThat(told)
        .singleElement()
        .isInstanceOfSatisfying(
            PoolEvent.LateReturn.class, late -> assertThat(late.stillAbandoned()).isEqualTo(1));
  }

  @Test
  void oneWhoseThreadIsBackBeforeItIsCountedIsNotCounted() {
    Run run = TestRuns.run(clock, limits -> {});
    run.decide(new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
    abandoned.returned(run);
    abandoned.add(run);
    assertThat(abandoned.count()).isZero();
  }

  @Test
  void everyReturnIsNotedByWhicheverThreadItIs() {
    Run own = ended(1);
    Run closing = ended(2);
    abandoned.closing(closing);
    assertThat(abandoned.atCap()).isTrue();

    abandoned.returned(own);
    assertThat(abandoned.sinceReturn()).isZero();
    clock.advance(Duration.ofSeconds(5));
    assertThat(abandoned.sinceReturn()).isEqualTo(Duration.ofSeconds(5));
    abandoned.closed(closing);
    assertThat(abandoned.sinceReturn()).isZero();
    assertThat(abandoned.count()).as("its own thread is still away").isEqualTo(1);
  }
}
