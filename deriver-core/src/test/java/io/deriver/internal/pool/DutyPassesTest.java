package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Backoff;
import io.deriver.PoolEvent;
import io.deriver.PoolFixture;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Invariant 2: what a pass comes to, what is told of it, and that the loop outlives all of it. */
@Timeout(60)
class DutyPassesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestClock clock = new TestClock();
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private volatile Duty.Pass pass = () -> SECOND;
  private final AtomicInteger passes = new AtomicInteger();
  private final Duty duty =
      new Duty(
          "test",
          "duty",
          clock,
          events,
          Backoff.exponential(SECOND, Duration.ofHours(1)),
          SECOND,
          () -> {
            passes.incrementAndGet();
            return pass.run();
          });

  @AfterEach
  void end() throws Exception {
    duty.stop();
    duty.join(Duration.ofSeconds(10));
  }

  private void fails() {
    pass =
        () -> {
          throw new IllegalStateException("for the test");
        };
  }

  private List<PoolEvent> told() throws Exception {
    events.start();
    events.stop(Duration.ofSeconds(10));
    return told;
  }

  @Test
  void aPassThatEndsWellRestsAsLongAsItSays() {
    assertThat(duty.once()).isEqualTo(SECOND);
    clock.advance(SECOND);
    assertThat(duty.sinceTick()).isEqualTo(SECOND);
    assertThat(duty.passing()).isZero();
    assertThat(duty.failures()).isZero();
    assertThat(duty.lastError()).isNull();
    assertThat(duty.name()).isEqualTo("duty");
  }

  @Test
  void failuresAreCountedAndToldUntilOnePassEndsWell() throws Exception {
    fails();
    Duration first = duty.once();
    Duration second = duty.once();
    assertThat(first).isBetween(SECOND.dividedBy(2), SECOND);
    assertThat(second).isBetween(SECOND, SECOND.multipliedBy(2));
    assertThat(duty.failures()).isEqualTo(2);
    String error = "java.lang.IllegalStateException: for the test";
    assertThat(duty.lastError()).isEqualTo(error);
    pass = () -> SECOND;
    assertThat(duty.once()).isEqualTo(SECOND);
    assertThat(duty.once()).isEqualTo(SECOND);
    assertThat(duty.failures()).isZero();
    assertThat(duty.lastError()).isNull();
    assertThat(told())
        .containsExactly(
            new PoolEvent.DutyFailed("duty", error, 1, first),
            new PoolEvent.DutyFailed("duty", error, 2, second),
            new PoolEvent.DutyRecovered("duty", 2));
  }

  /** A pass that asked the store nothing says nothing of whether it answers again. */
  @Test
  void aPassThatShowsNoRecoveryIsNone() {
    Duty quiet =
        new Duty("test", "quiet", clock, events, Backoff.standard(), SECOND, new FailsOnce());
    assertThat(quiet.once()).isPositive();
    assertThat(quiet.once()).isEqualTo(SECOND);
    assertThat(quiet.failures()).isEqualTo(1);
    assertThat(quiet.lastError()).isNotNull();
  }

  private static final class FailsOnce implements Duty.Pass {
    private boolean failed;

    @Override
    public Duration run() {
      if (!failed) {
        failed = true;
        throw new IllegalStateException("for the test");
      }
      return SECOND;
    }

    @Override
    public boolean showsRecovery() {
      return false;
    }
  }

  @Test
  void aPassIsStuckWhenItTakesLongerThanASoundOne() {
    List<Boolean> stuck = new CopyOnWriteArrayList<>();
    pass =
        () -> {
          clock.advance(SECOND);
          stuck.add(duty.isStuck());
          clock.advance(Duration.ofNanos(1));
          stuck.add(duty.isStuck());
          assertThat(duty.passing()).isEqualTo(SECOND.plusNanos(1));
          return SECOND;
        };
    assertThat(duty.once()).isEqualTo(SECOND);
    assertThat(duty.sinceTick()).isZero();
    assertThat(stuck).containsExactly(false, true);
    assertThat(duty.isStuck()).isFalse();
  }

  @Test
  void aPassThatFailsSinceThePoolEndsIsNotTold() throws Exception {
    fails();
    duty.stop();
    assertThat(duty.once()).isZero();
    assertThat(duty.failures()).isZero();
    assertThat(told()).isEmpty();
  }

  @Test
  void itGoesOnAfterEachRestAndEachWakeUpAndEndsWhenItIsStopped() throws Exception {
    pass = () -> Duration.ofHours(1);
    duty.start();
    PoolFixture.until(() -> passes.get() == 1);
    assertThat(duty.join(Duration.ofMillis(1))).as("it has ended").isFalse();
    duty.wake();
    PoolFixture.until(() -> passes.get() == 2);
    duty.thread().interrupt();
    PoolFixture.until(() -> passes.get() == 3);
    PoolFixture.until(() -> duty.thread().getState() == Thread.State.TIMED_WAITING);
    clock.advance(Duration.ofHours(1));
    PoolFixture.until(() -> passes.get() == 4);
    duty.stop();
    assertThat(duty.join(Duration.ofSeconds(30))).isTrue();
    assertThat(passes).hasValue(4);
    assertThat(duty.thread().isDaemon()).as("keeps no JVM alive").isTrue();
  }

  @Test
  void whoWaitsForItsEndWaitsForThePassThatIsUnderWay() throws Exception {
    CompletableFuture<Void> letGo = new CompletableFuture<>();
    pass =
        () -> {
          letGo.join();
          return SECOND;
        };
    duty.start();
    PoolFixture.until(() -> passes.get() == 1);
    duty.stop();
    Thread waits = Thread.currentThread();
    Thread lets =
        Threads.daemon(
            "lets-go",
            () -> {
              PoolFixture.until(() -> waits.getState() == Thread.State.TIMED_WAITING);
              letGo.complete(null);
            });
    lets.start();
    boolean ended = duty.join(Duration.ofSeconds(30));
    letGo.complete(null);
    assertThat(ended).isTrue();
  }

  @Test
  void itMayWaitForItsOwnEndWithoutHangingInIt() {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    pass =
        () -> {
          ended.complete(duty.join(Duration.ofMinutes(5)));
          return SECOND;
        };
    duty.start();
    PoolFixture.until(ended::isDone);
    assertThat(ended.join()).isFalse();
  }
}
