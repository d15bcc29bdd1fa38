package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Invariant 9: liveness is DOWN for as long as no thread comes back, and no longer. */
class SaturationWatchTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestClock clock = new TestClock();
  private final AtomicInteger calls = new AtomicInteger();
  private final Events events = new Events("test", List.of());
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(2, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});

  private Run ended(long fence) {
    Run run = TestRuns.run(clock, fence, limits -> {});
    runs.add(run);
    runs.end(run, new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
    return run;
  }

  private SaturationWatch saturation() {
    return new SaturationWatch(
        TestRuns.settings(2, 100), abandoned, calls::incrementAndGet, Runnable::run, clock, events);
  }

  @Test
  void aThreadThatComesBackAboveTheCapTakesItBack() {
    SaturationWatch watch = saturation();
    ended(1);
    ended(2);
    Run returns = ended(3);
    watch.look();
    clock.advance(SECOND);
    watch.look();
    assertThat(watch.onlyARestartHelps()).isTrue();

    abandoned.returned(returns);
    watch.look();

    assertThat(abandoned.atCap()).isTrue();
    assertThat(watch.onlyARestartHelps()).isFalse();
    clock.advance(SECOND);
    watch.look();
    assertThat(watch.onlyARestartHelps()).isTrue();
    assertThat(calls).as("calls of the host").hasValue(1);
  }

  @Test
  void theHostIsCalledOnceForEachTimeThatOnlyARestartHelps() {
    SaturationWatch watch = saturation();
    ended(1);
    Run second = ended(2);
    watch.look();
    clock.advance(SECOND.minusNanos(1));
    watch.look();
    assertThat(watch.onlyARestartHelps()).isFalse();
    clock.advance(Duration.ofNanos(1));
    for (int i = 0; i < 3; i++) {
      watch.look();
      clock.advance(SECOND);
    }
    assertThat(watch.onlyARestartHelps()).isTrue();
    assertThat(calls).hasValue(1);

    abandoned.returned(second);
    watch.look();
    assertThat(watch.onlyARestartHelps()).as("a thread came back").isFalse();

    ended(3);
    watch.look();
    clock.advance(SECOND);
    watch.look();
    assertThat(watch.onlyARestartHelps()).isTrue();
    assertThat(calls).as("told anew").hasValue(2);
  }

  @Test
  void whileThreadsComeBackAPoolAtItsCapIsNotBeyondHelp() {
    SaturationWatch watch = saturation();
    Run run = ended(1);
    ended(2);
    for (long fence = 3; fence < 20; fence++) {
      watch.look();
      clock.advance(SECOND.dividedBy(2));
      Run next = ended(fence);
      abandoned.returned(run);
      run = next;
    }
    assertThat(abandoned.atCap()).isTrue();
    watch.look();
    assertThat(watch.onlyARestartHelps()).isFalse();
    assertThat(calls).hasValue(0);
  }

  @Test
  void aCallForWhichThereIsNoThreadIsMadeAtALaterLook() {
    List<Runnable> started = new ArrayList<>();
    AtomicInteger asked = new AtomicInteger();
    SaturationWatch watch =
        new SaturationWatch(
            TestRuns.settings(2, 100),
            abandoned,
            calls::incrementAndGet,
            call -> {
              if (asked.incrementAndGet() == 1) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              started.add(call);
            },
            clock,
            events);
    ended(1);
    ended(2);
    watch.look();
    clock.advance(SECOND);
    assertThatThrownBy(watch::look).isInstanceOf(OutOfMemoryError.class);
    assertThat(watch.onlyARestartHelps()).as("known though it could not be told").isTrue();
    watch.look();
    watch.look();
    assertThat(started).hasSize(1);
  }
}
