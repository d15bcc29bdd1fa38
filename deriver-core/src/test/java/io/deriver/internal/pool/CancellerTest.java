package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolEvent;
import io.deriver.PoolFixture;
import io.deriver.TestClock;
import io.deriver.ZombiePolicy;
import io.deriver.spi.ClaimEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Invariants 1, 8 and 11: what follows when a run was ended by force. */
@Timeout(60)
class CancellerTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final RunEnd TIMEOUT = new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, HOUR);

  private final TestClock clock = new TestClock();
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final AtomicInteger wakes = new AtomicInteger();
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned =
      new AbandonedRuns(7, clock, events, outcomes, wakes::incrementAndGet);
  private final Closers closers = new Closers("test", 64, abandoned);
  private final Canceller canceller =
      new Canceller(
          new StackSampler(clock), TestRuns.endings(clock), outcomes, closers, clock, events);

  @BeforeEach
  void start() {
    events.start();
  }

  @AfterEach
  void stop() throws Exception {
    closers.stop();
    events.stop(Duration.ofSeconds(10));
  }

  private Run ended(RunEnd how, Duration hold) {
    Run run =
        TestRuns.run(
            clock,
            1,
            limits -> {
              if (!hold.isZero()) {
                limits.zombiePolicy(ZombiePolicy.hold(hold));
              }
            });
    run.startedOn(
        new Thread() {
          @Override
          public StackTraceElement[] getStackTrace() {
            return new StackTraceElement[] {new StackTraceElement("Host", "call", "Host.java", 7)};
          }
        });
    outcomes.owe(run);
    run.decide(how);
    canceller.take(run);
    return run;
  }

  private <T extends PoolEvent> List<T> told(Class<T> kind) throws Exception {
    PoolFixture.until(() -> abandoned.count() == 0);
    events.stop(Duration.ofSeconds(10));
    return told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void aTimeoutIsToldAndItsOutcomeWritten() throws Exception {
    Run run = ended(TIMEOUT, Duration.ZERO);
    assertThat(canceller.run()).isEqualTo(Duty.UNTIL_WOKEN);
    assertThat(outcomes.take(9)).hasSize(1);
    assertThat(told(PoolEvent.RunTimedOut.class))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.claim()).isEqualTo(run.id());
              assertThat(event.limit()).isEqualTo("timeout");
              assertThat(event.after()).isEqualTo(HOUR);
              assertThat(event.stack()).isEqualTo("  at Host.call(Host.java:7)\n");
            });
  }

  @Test
  void aRunThatWasStoppedIsToldWithItsReason() throws Exception {
    Run run = ended(new RunEnd.Stopped(RunEnd.Reason.CANCELLED), Duration.ZERO);
    canceller.run();
    assertThat(outcomes.take(9)).hasSize(1);
    assertThat(told(PoolEvent.RunCancelled.class))
        .containsExactly(
            new PoolEvent.RunCancelled(run.id(), 1, "it was cancelled by an operator"));
  }

  @Test
  void aRunThatComesTwiceIsDealtWithOnce() throws Exception {
    Run run = ended(TIMEOUT, Duration.ZERO);
    canceller.take(run);
    canceller.run();
    assertThat(told(PoolEvent.RunTimedOut.class)).hasSize(1);
  }

  /** Whoever ended it before a thread came ended no call: the unit is not to blame. */
  @Test
  void oneThatNeverBeganIsGivenBack() {
    Run run = TestRuns.run(clock, limits -> limits.zombiePolicy(ZombiePolicy.hold(HOUR)));
    outcomes.owe(run);
    run.decide(TIMEOUT);
    canceller.take(run);
    canceller.run();
    assertThat(outcomes.take(9))
        .singleElement()
        .satisfies(
            write -> assertThat(write.ending().claimEnd()).isInstanceOf(ClaimEnd.Released.class));
  }

  @Test
  void aKeyIsHeldForItsThreadAsLongAsThePolicySays() {
    ended(TIMEOUT, HOUR);
    canceller.run();
    clock.advance(HOUR.minusNanos(1));
    outcomes.stopHoldingUntil(clock.nanoTime());
    assertThat(outcomes.take(9)).isEmpty();
    clock.advance(Duration.ofNanos(1));
    outcomes.stopHoldingUntil(clock.nanoTime());
    assertThat(outcomes.take(9)).hasSize(1);
  }

  @Test
  void noKeyIsHeldForAThreadThatIsBack() {
    Run run = ended(TIMEOUT, HOUR);
    run.markReturned();
    canceller.run();
    assertThat(outcomes.take(9)).hasSize(1);
  }

  @Test
  void itsThreadIsInterruptedAndWhatItRegisteredClosed() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    CompletableFuture<Thread> closedOn = new CompletableFuture<>();
    Run run = TestRuns.run(clock, limits -> {});
    run.onCancel(() -> closedOn.complete(Thread.currentThread()));
    run.startedOn(
        new Thread() {
          @Override
          public void interrupt() {
            interrupted.countDown();
          }
        });
    run.decide(TIMEOUT);
    canceller.take(run);
    canceller.run();
    interrupted.await();
    assertThat(closedOn.get()).isNotSameAs(Thread.currentThread());
    assertThat(closedOn.get().isDaemon()).as("keeps no JVM alive").isTrue();
    PoolFixture.until(() -> abandoned.count() == 0);
    assertThat(wakes).as("there may be room to claim again").hasPositiveValue();
  }

  @Test
  void eachWayInWhichAThreadIsFreeAgainIsSaid() {
    Run run = TestRuns.run(clock, limits -> {});
    abandoned.returned(run);
    assertThat(wakes).hasValue(1);
    abandoned.closed(run);
    assertThat(wakes).hasValue(2);
    abandoned.add(TestRuns.run(clock, 2, limits -> {}));
    abandoned.drop(abandoned.all().iterator().next());
    assertThat(wakes).hasValue(3);
    assertThat(abandoned.cap()).isEqualTo(7);
  }

  @Test
  void aThreadThatIsBackLetsGoOfTheKeyThatWasHeldForIt() {
    Run run = ended(TIMEOUT, HOUR);
    canceller.run();
    assertThat(outcomes.take(9)).isEmpty();
    abandoned.returned(run);
    outcomes.stopHoldingUntil(clock.nanoTime());
    assertThat(outcomes.take(9)).hasSize(1);
  }

  @Test
  void whenThePoolIsClosedItsSideThreadsEnd() {
    CompletableFuture<Thread> side = new CompletableFuture<>();
    Run run = TestRuns.run(clock, limits -> {});
    run.onCancel(() -> side.complete(Thread.currentThread()));
    closers.close(run);
    PoolFixture.until(side::isDone);
    closers.stop();
    PoolFixture.until(() -> !side.join().isAlive());
  }
}
