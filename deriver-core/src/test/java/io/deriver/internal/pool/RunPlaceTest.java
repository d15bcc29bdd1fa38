package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.FakeStore;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Invariant 11: where a run is, in words, wherever it is; and that it is away is told once. */
class RunPlaceTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestClock clock = new TestClock();
  private final StackSampler stacks = new StackSampler(clock);

  private Run run(long fence) {
    return TestRuns.run(clock, fence, limits -> {});
  }

  @Test
  void aRunIsWhereItsThreadIs() {
    Run run = run(1);
    assertThat(stacks.take(run)).isEqualTo("  (no stack: no thread has come to it yet)");
    run.startedOn(Thread.currentThread());
    assertThat(stacks.take(run)).contains("RunPlaceTest.aRunIsWhereItsThreadIs");
    run.waitsFor("the stage of its processor");
    run.leftBy(Thread.currentThread());
    assertThat(stacks.take(run))
        .isEqualTo("  (no stack: it holds no thread, it waits for the stage of its processor)");
    run.cameTo(new FakeStore.Step(() -> {}));
    assertThat(stacks.take(run)).contains("no thread has come to the step of its outcome yet");
    run.closedBy(Thread.currentThread());
    assertThat(stacks.take(run))
        .startsWith("  (its own thread is back; this is the side thread")
        .contains("RunPlaceTest.aRunIsWhereItsThreadIs");
    run.closedBy(null);
    run.markReturned();
    assertThat(stacks.take(run)).isEqualTo("  (no stack: its thread had just returned)");
  }

  @Test
  void aRunLacksAThreadFromItsStartOrItsStepUntilOneComes() {
    Run run = run(1);
    clock.advance(SECOND);
    assertThat(run.lacksThread()).isTrue();
    assertThat(run.withoutThread(clock.nanoTime())).isEqualTo(SECOND);
    run.startedOn(Thread.currentThread());
    assertThat(run.lacksThread()).isFalse();
    assertThat(run.withoutThread(clock.nanoTime())).isZero();
    FakeStore.Step step = new FakeStore.Step(() -> {});
    run.cameTo(step);
    clock.advance(SECOND);
    assertThat(run.step()).isSameAs(step);
    assertThat(run.withoutThread(clock.nanoTime())).isEqualTo(SECOND);
    run.markReturned();
    assertThat(run.lacksThread()).isFalse();
    assertThat(run.thread()).isNull();
    assertThat(run.begin()).isEqualTo(clock.nanoTime() - SECOND.multipliedBy(2).toNanos());
  }

  @Test
  void whatARunEndedByIsNamedAsTheHostKnowsIt() {
    assertThat(new RunEnd.ByItself().text()).isEqualTo("by itself");
    assertThat(new RunEnd.Stopped(RunEnd.Reason.DRAINED).text()).isEqualTo("the pool was drained");
    assertThat(new RunEnd.TimedOut(RunEnd.Limit.IDLE_TIMEOUT, SECOND).text())
        .isEqualTo("idleTimeout");
  }

  @Test
  void aLineNamesTheTopOfTheStackIfThereIsOne() {
    Run run = run(1);
    String named = "type=test key=key1 attempt=1 fence=1 for PT0S";
    assertThat(RunNames.oldest(List.of(run), clock)).containsExactly(named);
    assertThat(RunNames.oldest(List.of(run), clock, any -> "  at Host.call\n"))
        .extracting(RunNames::line)
        .containsExactly(named + " at Host.call");
  }

  @Test
  void aThreadThatIsAwayIsToldOnceASecondAfterTheEnd() throws Exception {
    List<PoolEvent> told = new CopyOnWriteArrayList<>();
    Events events = new Events("test", List.of(told::add));
    AbandonedRuns abandoned =
        new AbandonedRuns(
            7, clock, events, new Outcomes(Duration.ofSeconds(30), () -> {}), () -> {});
    AbandonmentWatch watch = new AbandonmentWatch(abandoned, stacks, clock, events);
    Run away = run(1);
    away.startedOn(Thread.currentThread());
    away.decide(new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
    abandoned.add(away);
    clock.advance(AbandonmentWatch.AFTER.minusNanos(1));
    watch.look();
    clock.advance(Duration.ofNanos(1));
    watch.look();
    clock.advance(SECOND);
    watch.look();
    events.start();
    events.stop(Duration.ofSeconds(10));
    assertThat(told)
        .singleElement()
        .isInstanceOfSatisfying(
            PoolEvent.RunAbandoned.class,
            event -> {
              assertThat(event.claim()).isEqualTo(away.id());
              assertThat(event.since()).isEqualTo(AbandonmentWatch.AFTER);
              assertThat(event.stack()).contains("RunPlaceTest");
              assertThat(event.abandoned()).isEqualTo(1);
              assertThat(event.cap()).isEqualTo(7);
            });
  }

  @Test
  void theSentinelLooksFourTimesInAnIntervalAndOnceASecondAtLeast() {
    assertThat(new Sentinel(SECOND, List.of()).run()).isEqualTo(Duration.ofMillis(250));
    assertThat(new Sentinel(Duration.ofSeconds(4), List.of()).run()).isEqualTo(SECOND);
    assertThat(new Sentinel(Duration.ofHours(1), List.of()).run()).isEqualTo(SECOND);
  }
}
