package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.DrainReport;
import io.deriver.FakeStore;
import io.deriver.PoolEvent;
import io.deriver.ZombiePolicy;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.PoolClock;
import io.deriver.spi.Signal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Invariants 4, 6 and 10: what a drain waits for, step by step. Its looks are 20 ms apart on a
 * clock that the test owns; what happens between two of them is a step.
 */
class DrainStepsTest {

  /** Half of which is longer than the store may take for a call. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static final Duration STORE_TIMEOUT = Duration.ofSeconds(1);

  @FunctionalInterface
  private interface Step {
    void take() throws InterruptedException;
  }

  /** Each wait is over at once; before it, what is to happen in it happens. */
  private static final class Looks implements PoolClock {
    private final Map<Integer, Step> steps = new HashMap<>();
    private long now = 1_000_000_000L;
    private int look;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void await(Signal signal, long untilNanos) throws InterruptedException {
      now = Math.max(now, untilNanos);
      Step step = steps.get(++look);
      if (step != null) {
        step.take();
      }
    }
  }

  private final Looks clock = new Looks();
  private final FakeStore store = new FakeStore();
  private final Rooms rooms =
      new Rooms(
          TestRuns.settings(64, 100),
          store,
          store,
          List.of(TestRuns.served(limits -> {})),
          new Engine.HostHooks(List.of(), text -> text, () -> {}, false),
          clock,
          new Events("test", List.of()));
  private final long began = clock.nanoTime();

  @AfterEach
  void noInterruptIsLeft() {
    boolean unused = Thread.interrupted();
  }

  private Run live(long fence) {
    Run run =
        TestRuns.run(
            clock, fence, limits -> limits.zombiePolicy(ZombiePolicy.hold(Duration.ofHours(1))));
    rooms.runs().add(run);
    return run;
  }

  private DrainReport drain() {
    return new Drain(rooms, STORE_TIMEOUT, clock).run(LIMIT);
  }

  private Duration took() {
    return Duration.ofNanos(clock.nanoTime() - began);
  }

  private static Duration looks(int looks) {
    return Duration.ofMillis(20).multipliedBy(looks);
  }

  private void paid(Run run) {
    rooms.outcomes().paid(run.fence());
  }

  @Test
  void whereNothingIsLiveOrOwedItIsOverAtOnce() {
    assertThat(drain()).isEqualTo(new DrainReport(0, 0, 0, 0));
    assertThat(took()).isZero();
    assertThat(rooms.dispatcher().isDraining()).isTrue();
  }

  @Test
  void runsThatEndInTimeAreWaitedForUntilTheirOutcomesAreWritten() {
    Run run = live(1);
    clock.steps.put(100, () -> rooms.runs().end(run, new RunEnd.ByItself()));
    // Later than a write may take: what is left of the limit counts, as long as nothing is forced.
    clock.steps.put(200, () -> paid(run));
    assertThat(drain()).isEqualTo(new DrainReport(1, 0, 0, 0));
    assertThat(took()).isEqualTo(looks(200));
  }

  @Test
  void aClaimUnderWayIsWaitedForWithWhatItBrings() {
    Run run = TestRuns.run(clock, 1, limits -> {});
    rooms.claims().begin();
    clock.steps.put(
        100,
        () -> {
          run.markReturned();
          rooms.runs().end(run, new RunEnd.Stopped(RunEnd.Reason.DRAINED));
          rooms.claims().end();
        });
    clock.steps.put(101, () -> paid(run));
    assertThat(drain()).isEqualTo(new DrainReport(0, 0, 0, 0));
    assertThat(took()).isEqualTo(looks(101));
  }

  @Test
  void atTheLimitTheRestIsEndedAndTheGivingBackWaitedFor() {
    Run back = live(1);
    Run away = live(2);
    int limit = (int) (LIMIT.toMillis() / 20);
    clock.steps.put(limit + 1, back::markReturned);
    clock.steps.put(limit + 2, () -> paid(back));
    clock.steps.put(limit + 3, () -> paid(away));
    assertThat(drain()).isEqualTo(new DrainReport(0, 2, 1, 0));
    assertThat(took()).isEqualTo(looks(limit + 3));
    assertThat(List.of(back, away))
        .extracting(Run::end)
        .containsOnly(new RunEnd.Stopped(RunEnd.Reason.DRAINED));
  }

  @Test
  void theGivingBackTakesNoLongerThanTheStoreMay() {
    live(1);
    assertThat(drain()).isEqualTo(new DrainReport(0, 1, 1, 1));
    assertThat(took()).isEqualTo(LIMIT.plus(STORE_TIMEOUT));
  }

  @Test
  void whatComesToLifeLateIsEndedToo() {
    rooms.claims().begin();
    int limit = (int) (LIMIT.toMillis() / 20);
    clock.steps.put(
        limit + 5,
        () -> {
          live(1);
          rooms.claims().end();
        });
    clock.steps.put(
        limit + 6,
        () -> {
          assertThat(rooms.runs().size()).isZero();
          rooms.outcomes().owed().forEach(this::paid);
        });
    DrainReport report = drain();
    assertThat(report.released()).isEqualTo(1);
    assertThat(report.unwritten()).isZero();
  }

  @Test
  void interruptsEndTheWaitForRunsAndNotTheGivingBackAndStaySet() {
    Run run = live(1);
    for (int look = 1; look <= 3; look++) {
      clock.steps.put(
          look,
          () -> {
            throw new InterruptedException();
          });
    }
    clock.steps.put(10, () -> paid(run));
    assertThat(drain()).isEqualTo(new DrainReport(0, 1, 1, 0));
    assertThat(took()).isEqualTo(looks(10));
    assertThat(Thread.interrupted()).as("stays set").isTrue();
  }

  @Test
  void withoutAnInterruptNoneIsSet() {
    live(1);
    drain();
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void whatGetsHeldInTheMeantimeIsLetGo() {
    Run run = live(1);
    int limit = (int) (LIMIT.toMillis() / 20);
    clock.steps.put(
        limit + 3,
        () ->
            rooms
                .outcomes()
                .hold(
                    run,
                    new Ending(
                        new ClaimEnd.Released(Duration.ZERO),
                        new PoolEvent.UnitReleased(run.id(), 1, "", Duration.ZERO)),
                    Long.MAX_VALUE));
    clock.steps.put(
        limit + 4,
        () -> {
          assertThat(rooms.outcomes().take(1)).as("ready to be written").hasSize(1);
          paid(run);
        });
    assertThat(drain().unwritten()).isZero();
    assertThat(took()).isEqualTo(looks(limit + 4));
  }
}
