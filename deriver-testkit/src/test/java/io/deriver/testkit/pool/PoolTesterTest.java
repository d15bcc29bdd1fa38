package io.deriver.testkit.pool;

import static io.deriver.testkit.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Backoff;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.Processor;
import io.deriver.testkit.pool.UnitEnd.Kind;
import io.deriver.testkit.time.ManualPoolClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guards that a test owns the time of its pool: nothing happens between its calls, time passes only
 * over runs that are known to wait, and what is asserted is what happened.
 */
@Timeout(120)
class PoolTesterTest {

  private static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);
  private static final Backoff ONE_MILLI =
      Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(1));
  private final CountDownLatch over = new CountDownLatch(1);
  private final Processor<String> waits =
      (unit, run) -> {
        over.await();
        return Outcome.done();
      };

  private static void twoAttempts(Limits.Builder limits) {
    limits.timeout(Duration.ofMinutes(5)).maxAttempts(2).backoff(ONE_MILLI);
  }

  private static Item<String> item(String key) {
    return Item.of(SUMMARY, key, "hello");
  }

  @Test
  void closesThoughItsThreadIsInterrupted() throws Exception {
    PoolTester tester =
        PoolTester.with(
            pool ->
                pool.name("interrupted")
                    .processor(SUMMARY, waits)
                    .closeTimeout(Duration.ofSeconds(5)));
    tester.enqueue(item("a"));
    tester.awaitRunning(1);
    Thread.currentThread().interrupt();

    tester.close();

    assertThat(Thread.interrupted()).isTrue();
    soon()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.contains("deriver-interrupted-"))
                    .doesNotContain("pool-time-closing"));
  }

  @Test
  void aUnitIsDoneWithoutAMomentsPassing() throws Exception {
    try (PoolTester tester =
        PoolTester.with(pool -> pool.processor(SUMMARY, (unit, run) -> Outcome.done()))) {
      tester.enqueue(item("a"));
      assertThat(tester.unit(SUMMARY, "a")).neverEnded().isPending();

      tester.runUntilIdle();

      assertThat(tester.unit(SUMMARY, "a")).completed().tookAttempts(1).endedAt(Duration.ZERO);
      assertThat(tester).hasNothingPending().hasNoDeadLetters();
      assertThat(tester).enqueued(SUMMARY).containsExactly(item("a"));
    }
  }

  @Test
  void whatIsEnqueuedBetweenTwoCallsIsOneUnit() throws Exception {
    List<List<String>> units = new CopyOnWriteArrayList<>();
    Processor<String> notes =
        (unit, run) -> {
          units.add(unit.payloads());
          return Outcome.done();
        };
    try (PoolTester tester =
        PoolTester.with(pool -> pool.processor(SUMMARY, notes, limits -> limits.maxItems(10)))) {
      for (int i = 0; i < 20; i++) {
        tester.enqueue(Item.of(SUMMARY, "a", "one"));
        // The pool has heard of it, and is at rest again.
        tester.time().clock().awaitWaiting(tester.pool().health().duties().size());
        tester.enqueue(Item.of(SUMMARY, "a", "two"));
        tester.runUntilIdle();
      }
    }
    assertThat(units).hasSize(20).allMatch(List.of("one", "two")::equals);
  }

  @Test
  void failuresAreTriedAgainAfterTheirRestAndThenSetAside() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    Processor<String> fails =
        (unit, run) -> {
          if (attempts.incrementAndGet() == 1) {
            return Outcome.retryAfter(Duration.ofHours(3), "later");
          }
          throw new IllegalStateException("no such conversation");
        };
    try (PoolTester tester =
        PoolTester.with(pool -> pool.processor(SUMMARY, fails, limits -> limits.maxAttempts(2)))) {
      tester.enqueue(item("a"));
      tester.advance(Duration.ofHours(3).minusMillis(1));
      assertThat(tester.unit(SUMMARY, "a")).retried().endedAs(Kind.RETRIED).hasCause("failure");
      assertThat(attempts).hasValue(1);

      tester.drain();

      assertThat(tester.unit(SUMMARY, "a"))
          .deadLettered()
          .tookAttempts(2)
          .hasCause("failure")
          .errorContains("no such conversation")
          .endedAs(Kind.RETRIED, Kind.DEAD_LETTERED)
          .endedAt(Duration.ofHours(3));
      assertThat(tester)
          .deadLetter(SUMMARY, "a")
          .hasCause("failure")
          .tookAttempts(2)
          .errorContains("no such conversation")
          .payloadContains("hello");
    }
  }

  @Test
  void anItemIsWorkedWhenItIsDueAndNotBefore() throws Exception {
    try (PoolTester tester =
        PoolTester.with(pool -> pool.processor(SUMMARY, (unit, run) -> Outcome.done()))) {
      tester.enqueue(item("a").delay(Duration.ofDays(200)));
      tester.advance(Duration.ofDays(199));
      assertThat(tester.unit(SUMMARY, "a")).neverEnded();
      tester.drain(Duration.ofDays(2));
      assertThat(tester.unit(SUMMARY, "a")).completed().endedAt(Duration.ofDays(200));
    }
  }

  @Test
  void aHungRunTimesOutAndAnotherGoesOnMeanwhile() throws Exception {
    Processor<String> hangsOnOne =
        (unit, run) -> unit.key().equals("hung") ? waits.process(unit, run) : Outcome.done();
    try (PoolTester tester =
        PoolTester.with(
            pool -> pool.slots(2).processor(SUMMARY, hangsOnOne, PoolTesterTest::twoAttempts))) {
      tester.hangs(SUMMARY, "hung");
      tester.enqueue(item("hung"));
      tester.enqueue(item("well"));
      tester.advance(Duration.ofMinutes(5).minusMillis(1));
      assertThat(tester.unit(SUMMARY, "well")).completed().endedAt(Duration.ZERO);
      assertThat(tester.unit(SUMMARY, "hung")).neverEnded();

      tester.advance(Duration.ofMillis(1));
      assertThat(tester.unit(SUMMARY, "hung")).endedAs(Kind.RETRIED).hasCause("timeout");

      tester.drain();
      assertThat(tester)
          .deadLetter(SUMMARY, "hung")
          .hasCause("timeout")
          .tookAttempts(2)
          .errorContains("CountDownLatch");
      assertThat(tester.unit(SUMMARY, "hung").ends().get(1).at())
          .isBetween(
              Duration.ofMinutes(10), Duration.ofMinutes(10).plus(PoolTime.STEP.multipliedBy(2)));
      assertThat(tester.pool().health().abandoned()).as("an interrupt frees them").isEmpty();
    }
  }

  @Test
  void aRunThatWasSeenRunningIsWaitedForOnceItIsLetGo() throws Exception {
    try (PoolTester tester = PoolTester.with(pool -> pool.slots(1).processor(SUMMARY, waits))) {
      tester.enqueue(item("a"));
      tester.awaitRunning(1);
      tester.advance(Duration.ofMinutes(1));
      assertThat(tester.unit(SUMMARY, "a")).neverEnded().isPending();

      over.countDown();
      tester.runUntilIdle();

      assertThat(tester.unit(SUMMARY, "a")).completed().endedAt(Duration.ofMinutes(1));
    }
  }

  @Test
  void aRunThatDoesNotEndIsReportedWithItsStackAndWhatToDo() throws Exception {
    PoolTime impatient = new PoolTime(new ManualPoolClock(), Duration.ofMillis(500));
    try (PoolTester tester =
        PoolTester.with(impatient, pool -> pool.slots(1).processor(SUMMARY, waits))) {
      tester.enqueue(item("a"));
      assertThatThrownBy(tester::drain)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("key=a attempt=1")
          .hasMessageContaining("CountDownLatch.await")
          .hasMessageContaining("advance the time past its timeout");
      assertThat(tester.time().now()).as("no time has passed").isZero();
      assertThatThrownBy(() -> tester.awaitRunning(2))
          .hasMessageContaining("1 live")
          .hasMessageContaining("2 live runs were awaited");
    }
  }

  @Test
  void aRunThatWaitsInATimeThatIsNotThePoolsIsTold() throws Exception {
    PoolTime impatient = new PoolTime(new ManualPoolClock(), Duration.ofMillis(500));
    PoolTime other = new PoolTime();
    Processor<String> slow =
        (unit, run) -> {
          other.workFor(run, Duration.ofSeconds(3));
          return Outcome.done();
        };
    try (PoolTester tester = PoolTester.with(impatient, pool -> pool.processor(SUMMARY, slow))) {
      tester.enqueue(item("a"));
      assertThatThrownBy(tester::drain)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("another PoolTime")
          .hasMessageContaining("PoolTester.with(time, ..)");
    }
  }

  @Test
  void whoForgetsToLetItWorkIsTold() throws Exception {
    try (PoolTester tester =
        PoolTester.with(pool -> pool.processor(SUMMARY, (unit, run) -> Outcome.done()))) {
      tester.enqueue(item("a"));
      assertThatThrownBy(() -> assertThat(tester.unit(SUMMARY, "a")).completed())
          .hasMessageContaining("1 items pending, never ended")
          .hasMessageContaining("runUntilIdle()");
    }
  }

  @Test
  void aKeyWithItemsLeftHasNotCompleted() throws Exception {
    try (PoolTester tester =
        PoolTester.with(pool -> pool.processor(SUMMARY, (unit, run) -> Outcome.done()))) {
      tester.enqueue(item("a"));
      tester.runUntilIdle();
      assertThat(tester.unit(SUMMARY, "a")).completed();
      tester.enqueue(item("a"));

      assertThatThrownBy(() -> assertThat(tester.unit(SUMMARY, "a")).completed())
          .hasMessageContaining("no items left");
    }
  }

  @Test
  void aDrainThatCannotEndNamesWhatIsLeft() throws Exception {
    Processor<String> never = (unit, run) -> Outcome.release(Duration.ofMinutes(7), "closed");
    try (PoolTester tester = PoolTester.with(pool -> pool.processor(SUMMARY, never))) {
      tester.enqueue(item("a"));
      tester.enqueue(Item.of(ItemType.of("other", String.class), "b", "not served"));
      assertThatThrownBy(() -> tester.drain(Duration.ofHours(1)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("type=summary key=a: 1 items, due in PT3M")
          .hasMessageContaining("RELEASED, again after PT7M: closed")
          .hasMessageContaining("type=other key=b: 1 items, due, never worked")
          .hasMessageContaining("has the pool a processor for this type?");
      assertThat(tester.time().now()).isEqualTo(Duration.ofHours(1));
      assertThat(tester.unit(SUMMARY, "a")).released().tookAttempts(1);
      assertThatThrownBy(() -> assertThat(tester).hasNothingPending())
          .hasMessageContaining("key=a");
    }
  }

  @Test
  void processorsCanWorkForSomeOfTheTime() throws Exception {
    PoolTime time = new PoolTime();
    Processor<String> slow =
        (unit, run) -> {
          time.workFor(run, Duration.ofSeconds(3));
          return Outcome.done();
        };
    try (PoolTester tester =
        PoolTester.with(time, pool -> pool.slots(2).processor(SUMMARY, slow))) {
      for (String key : List.of("a", "b", "c", "d", "e")) {
        tester.enqueue(item(key));
      }
      tester.drain();
      assertThat(tester.ends())
          .extracting(end -> end.key() + " " + end.at().toSeconds())
          .containsExactly("a 3", "b 3", "c 6", "d 6", "e 9");
    }
  }

  @Test
  void aThreadThatNeverReturnsIsAbandonedAndTimeGoesOn() throws Exception {
    Processor<String> deaf =
        (unit, run) -> {
          while (over.getCount() > 0) {
            try {
              over.await();
            } catch (InterruptedException ignored) {
              // It is deaf.
            }
          }
          return Outcome.done();
        };
    try (PoolTester tester =
        PoolTester.with(
            pool -> pool.slots(1).processor(SUMMARY, deaf, PoolTesterTest::twoAttempts))) {
      tester.hangs(SUMMARY, "a");
      tester.enqueue(item("a"));
      tester.drain();
      assertThat(tester.unit(SUMMARY, "a")).deadLettered().hasCause("timeout").tookAttempts(2);
      assertThat(tester.pool().health().abandoned()).hasSize(2);
    } finally {
      over.countDown();
    }
  }

  @Test
  void theSameScriptHasTheSameCourseEveryTime() throws Exception {
    List<String> first = course();
    System.out.println("a course: " + first);
    assertThat(first).hasSizeGreaterThan(20).anyMatch(end -> end.contains("timeout"));
    for (int i = 1; i < 50; i++) {
      assertThat(course()).as("run %d", i).isEqualTo(first);
    }
  }

  /** Units that are done, fail, hang, are released, are late; on three slots. */
  private static List<String> course() throws Exception {
    PoolTime time = new PoolTime();
    Processor<String> mixed =
        (unit, run) -> {
          switch (unit.key().charAt(0)) {
            case 'h' -> time.hang(run);
            case 'f' -> throw new IllegalStateException("a failure");
            case 'r' -> {
              return run.fence() % 3 == 0
                  ? Outcome.done()
                  : Outcome.release(Duration.ofSeconds(20), "not now");
            }
            case 'l' -> {
              return run.attempt() == 2
                  ? Outcome.done()
                  : Outcome.retryAfter(Duration.ofSeconds(40), "later");
            }
            default -> time.workFor(run, Duration.ofMillis(700));
          }
          return Outcome.done();
        };
    try (PoolTester tester =
        PoolTester.with(
            time,
            pool ->
                pool.slots(3)
                    .processor(
                        SUMMARY,
                        mixed,
                        limits ->
                            limits
                                .timeout(Duration.ofSeconds(30))
                                .maxAttempts(3)
                                .backoff(ONE_MILLI)))) {
      for (String key : List.of("h1", "w1", "f1", "l1", "r1", "w2", "h2", "f2", "w1", "l1", "w3")) {
        tester.enqueue(item(key));
      }
      tester.advance(Duration.ofSeconds(45));
      tester.enqueue(item("w4").delay(Duration.ofSeconds(9)));
      tester.drain();
      return tester.ends().stream()
          .map(
              end ->
                  "%s %s %s %d %s"
                      .formatted(end.at(), end.key(), end.kind(), end.attempt(), end.cause()))
          .toList();
    }
  }

  @Test
  void closeLeavesNothingBehind() throws Exception {
    PoolTester tester =
        PoolTester.with(pool -> pool.name("closes").slots(1).processor(SUMMARY, waits));
    tester.enqueue(item("a"));
    tester.awaitRunning(1);
    tester.close();
    soon()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("deriver-closes-")));
    assertThat(tester.unit(SUMMARY, "a")).endedAs(Kind.RELEASED).isPending();
  }

  @Test
  void saysWhatIsWrongWithTheSettings() {
    assertThatThrownBy(() -> PoolTester.with(pool -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("processor is not set");
    assertThatThrownBy(() -> new PoolTime(new ManualPoolClock(), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("patience is PT0S");
    try (PoolTester tester = PoolTester.with(pool -> pool.processor(SUMMARY, waits))) {
      assertThatThrownBy(() -> tester.advance(Duration.ofMillis(-1)))
          .hasMessageContaining("by is PT-0.001S");
    }
  }

  @Test
  void assertionsFailAndSayWhatHappened() throws Exception {
    Processor<String> fails =
        (unit, run) -> {
          throw new IllegalStateException("broken");
        };
    try (PoolTester tester =
        PoolTester.with(
            (Pool.Builder pool) -> pool.processor(SUMMARY, fails, l -> l.maxAttempts(1)))) {
      tester.enqueue(item("a"));
      tester.drain();
      UnitHistory unit = tester.unit(SUMMARY, "a");
      for (Runnable wrong :
          List.<Runnable>of(
              () -> assertThat(unit).completed(),
              () -> assertThat(unit).discarded(),
              () -> assertThat(unit).retried(),
              () -> assertThat(unit).released(),
              () -> assertThat(unit).isPending(),
              () -> assertThat(unit).neverEnded(),
              () -> assertThat(unit).tookAttempts(2),
              () -> assertThat(unit).hasCause("timeout"),
              () -> assertThat(unit).errorContains("fine"),
              () -> assertThat(unit).endedAt(Duration.ofSeconds(1)),
              () -> assertThat(unit).endedAs(Kind.RETRIED),
              () -> assertThat(tester).hasNoDeadLetters(),
              () -> assertThat(tester).deadLetter(SUMMARY, "a").hasCause("timeout"),
              () -> assertThat(tester).deadLetter(SUMMARY, "a").tookAttempts(2),
              () -> assertThat(tester).deadLetter(SUMMARY, "a").errorContains("fine"),
              () -> assertThat(tester).deadLetter(SUMMARY, "a").payloadContains("bye"))) {
        assertThatThrownBy(wrong::run)
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("broken");
      }
      assertThatThrownBy(() -> assertThat(tester).deadLetter(SUMMARY, "b"))
          .hasMessageContaining("key=b, 0 items pending, never ended");
      assertThatThrownBy(() -> assertThat(tester.unit(SUMMARY, "b")).completed())
          .hasMessageContaining("never ended");
    }
  }
}
