package io.deriver.testkit.llm;

import static io.deriver.testkit.Soon.soon;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.testkit.Caller;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Guards that each in-process shape hangs as it says, and that close lets every thread go. */
@Timeout(60)
class HangingLlmTest {

  private static final String POISON = "Conversation: bad\npoison\n";
  private static final String HEALTHY = "Conversation: good\nhello\n";
  private static final String SUMMARY = PromptDigest.of("good", List.of("hello")).summary();

  private final HangingLlm llm = new HangingLlm();

  static Stream<ThreadHang> thatKeepThreads() {
    return Arrays.stream(ThreadHang.values()).filter(ThreadHang::keepsThread);
  }

  static Stream<ThreadHang> thatIgnoreInterrupts() {
    return thatKeepThreads().filter(shape -> !shape.freedByInterrupt());
  }

  @AfterEach
  void close() {
    llm.close();
  }

  @ParameterizedTest
  @MethodSource("thatKeepThreads")
  void keepsItsCallerWhileOthersAreAnswered(ThreadHang shape) throws Exception {
    Caller<String> caller = callPoisoned(shape);

    assertThat(llm.complete(HEALTHY)).isEqualTo(SUMMARY);

    awaitInTrap(caller, shape);
    assertThat(caller.result).isNotDone();
    assertThat(llm.held()).containsExactly(new HeldCall(caller.thread, shape, POISON));
  }

  @ParameterizedTest
  @MethodSource("thatIgnoreInterrupts")
  void ignoresAnInterrupt(ThreadHang shape) throws Exception {
    Caller<String> caller = callPoisoned(shape);
    awaitInTrap(caller, shape);

    caller.thread.interrupt();

    soon().during(ofMillis(150)).until(() -> caller.thread.isAlive() && !llm.held().isEmpty());
    awaitInTrap(caller, shape);
    if (shape == ThreadHang.INTERRUPT_SWALLOWED) {
      soon().until(() -> llm.interruptsSwallowed() == 1);
    }
  }

  @ParameterizedTest
  @MethodSource("thatIgnoreInterrupts")
  void ignoresAnInterruptFromBeforeTheCall(ThreadHang shape) throws Exception {
    llm.whenPromptContains("poison", shape);
    Caller<String> caller =
        new Caller<>(
            () -> {
              Thread.currentThread().interrupt();
              return llm.complete(POISON);
            });

    awaitInTrap(caller, shape);
    assertThat(caller.result).isNotDone();
  }

  @Test
  void isFreedByAnInterruptInFutureGet() throws Exception {
    Caller<String> caller = callPoisoned(ThreadHang.FUTURE_GET);
    awaitInTrap(caller, ThreadHang.FUTURE_GET);

    caller.thread.interrupt();

    assertThat(caller.result)
        .failsWithin(ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(InterruptedException.class);
    soon().until(() -> llm.held().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("thatKeepThreads")
  void letsItsCallersGoOnClose(ThreadHang shape) throws Exception {
    Caller<String> first = callPoisoned(shape);
    Caller<String> second = new Caller<>(() -> llm.complete(POISON));
    assertThat(llm.awaitHeld(2, ofSeconds(20))).isTrue();
    awaitInTrap(first, shape);
    awaitInTrap(second, shape);
    second.thread.interrupt();

    llm.close();
    llm.close();

    assertThat(first.result)
        .failsWithin(ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(LlmFailureException.class);
    soon().until(() -> !first.thread.isAlive() && !second.thread.isAlive());
    assertThat(llm.held()).isEmpty();
    soon().untilAsserted(() -> assertThat(ownThreads()).isEmpty());
    assertThatThrownBy(() -> llm.complete(HEALTHY)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @MethodSource("thatKeepThreads")
  void completesNoFutureBeforeCloseAndAllAtClose(ThreadHang shape) throws Exception {
    llm.whenPromptContains("poison", shape);
    CompletableFuture<String> hung = llm.completeAsync(POISON);
    boolean needsAThread = shape != ThreadHang.FUTURE_JOINED && shape != ThreadHang.FUTURE_GET;
    assertThat(llm.awaitHeld(needsAThread ? 1 : 0, ofSeconds(20))).isTrue();

    assertThat(llm.completeAsync(HEALTHY)).succeedsWithin(ofSeconds(20)).isEqualTo(SUMMARY);
    assertThat(hung).isNotDone();

    llm.close();
    assertThat(hung)
        .failsWithin(ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(LlmFailureException.class);
    soon().untilAsserted(() -> assertThat(ownThreads()).isEmpty());
  }

  @Test
  void waitsNoLongerThanTheLimitInFutureGet() throws Exception {
    llm.whenPromptContains("poison", ThreadHang.FUTURE_GET);

    assertThatThrownBy(() -> llm.complete(POISON, ofMillis(50)))
        .isInstanceOf(LlmFailureException.class)
        .hasMessageContaining("within PT0.05S");

    assertThat(llm.held()).isEmpty();
    assertThat(llm.complete(HEALTHY, ofMillis(50))).isEqualTo(SUMMARY);
    assertThat(llm.callCount()).isEqualTo(2);
    assertThatThrownBy(() -> llm.complete(HEALTHY, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ignoresTheLimitThatItWasGiven() throws Exception {
    llm.whenPromptContains("poison", ThreadHang.LIMIT_IGNORED);
    Caller<String> caller = new Caller<>(() -> llm.complete(POISON, ofMillis(1)));

    awaitInTrap(caller, ThreadHang.LIMIT_IGNORED);

    soon().during(ofMillis(150)).until(() -> caller.thread.isAlive() && llm.held().size() == 1);
  }

  @Test
  void queuesLookupsBehindTheFirst() throws Exception {
    Caller<String> first = callPoisoned(ThreadHang.NAME_LOOKUP);
    awaitInTrap(first, ThreadHang.NAME_LOOKUP);
    Caller<String> second = new Caller<>(() -> llm.complete(POISON));

    awaitFrame(second, "java.util.concurrent.locks.ReentrantLock.lock");
    awaitFrame(first, "java.util.concurrent.Semaphore.acquireUninterruptibly");
  }

  @Test
  void holdsAMonitorOfItsOwnWherePinned() throws Exception {
    Caller<String> caller = callPoisoned(ThreadHang.PINNED);
    awaitInTrap(caller, ThreadHang.PINNED);

    soon()
        .untilAsserted(
            () ->
                assertThat(lockedMonitors(caller.thread))
                    .extracting(monitor -> monitor.getLockedStackFrame().getMethodName())
                    .containsExactly("enter"));
    assertThat(llm.complete(HEALTHY)).isEqualTo(SUMMARY);
  }

  @ParameterizedTest
  @MethodSource("thatKeepThreads")
  void freesNobodyByACancelWhichMayHangItself(ThreadHang shape) throws Exception {
    Caller<String> caller = callPoisoned(shape);
    Caller<String> cancel =
        new Caller<>(
            () -> {
              llm.cancel(POISON);
              return "";
            });
    if (shape == ThreadHang.CLOSE_HANGS) {
      assertThat(llm.awaitHeld(2, ofSeconds(20))).isTrue();
      awaitInTrap(cancel, shape);
      cancel.thread.interrupt();
      soon().during(ofMillis(150)).until(() -> cancel.thread.isAlive());
      llm.close();
      assertThat(caller.result)
          .failsWithin(ofSeconds(20))
          .withThrowableThat()
          .withCauseInstanceOf(LlmFailureException.class);
      assertThat(cancel.result).succeedsWithin(ofSeconds(20));
    } else {
      assertThat(cancel.result).succeedsWithin(ofSeconds(20));
      assertThat(caller.result).isNotDone();
    }
  }

  @Test
  void answersAndLeavesAThreadBehind() throws Exception {
    llm.whenPromptContains("poison", ThreadHang.CHILD_LEFT);

    assertThat(llm.complete(POISON)).isNotEmpty();

    assertThat(llm.awaitHeld(1, ofSeconds(20))).isTrue();
    assertThat(llm.held())
        .singleElement()
        .satisfies(child -> assertThat(child.thread().getName()).isEqualTo("hanging-llm-child"));
    llm.close();
    assertThat(llm.held()).isEmpty();
    soon().untilAsserted(() -> assertThat(ownThreads()).isEmpty());
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"STACK_OVERFLOW", "OUT_OF_MEMORY", "LINKAGE"})
  void throwsErrors(ThreadHang shape) {
    llm.whenPromptContains("poison", shape);
    Class<? extends Error> error =
        switch (shape) {
          case STACK_OVERFLOW -> StackOverflowError.class;
          case OUT_OF_MEMORY -> OutOfMemoryError.class;
          default -> LinkageError.class;
        };
    assertThatThrownBy(() -> llm.complete(POISON)).isInstanceOf(error);
    assertThat(llm.completeAsync(POISON))
        .failsWithin(ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(error);
    assertThat(llm.held()).isEmpty();
  }

  @Test
  void answersLateWhenTold() throws Exception {
    Caller<String> success = callPoisoned(ThreadHang.LATE_SUCCESS);
    awaitInTrap(success, ThreadHang.LATE_SUCCESS);
    success.thread.interrupt();

    llm.answerLate();

    assertThat(success.result)
        .succeedsWithin(ofSeconds(20))
        .isEqualTo(PromptDigest.of(POISON).summary());

    Caller<String> next = new Caller<>(() -> llm.complete(POISON));
    awaitInTrap(next, ThreadHang.LATE_SUCCESS);
    assertThat(next.result).isNotDone();
  }

  @Test
  void failsLateWhenTold() throws Exception {
    Caller<String> failure = callPoisoned(ThreadHang.LATE_FAILURE);
    awaitInTrap(failure, ThreadHang.LATE_FAILURE);

    llm.answerLate();

    assertThat(failure.result)
        .failsWithin(ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(LlmFailureException.class)
        .withMessageContaining("a late failure");
  }

  @Test
  void answersLateWhoeverIsSeenToBeHeld() throws Exception {
    llm.whenPromptContains("poison", ThreadHang.LATE_SUCCESS);
    for (int i = 0; i < 500; i++) {
      Caller<String> caller = new Caller<>(() -> llm.complete(POISON));
      while (llm.held().isEmpty()) {
        Thread.onSpinWait();
      }

      llm.answerLate();

      assertThat(caller.result).as("call " + i).succeedsWithin(ofSeconds(5));
    }
  }

  @Test
  void asksARuleOnceACall() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    llm.when(prompt -> asked.incrementAndGet() == 2, ThreadHang.FUTURE_GET);

    assertThat(llm.complete(HEALTHY, ofMillis(50))).isEqualTo(SUMMARY);
    assertThatThrownBy(() -> llm.complete(HEALTHY, ofMillis(50)))
        .isInstanceOf(LlmFailureException.class);
    assertThat(asked).hasValue(2);
  }

  @Test
  void letsAllThreadsGoThoughACallbackOfTheHostsBlocks() throws Exception {
    CountDownLatch callback = new CountDownLatch(1);
    Caller<String> joined = callPoisoned(ThreadHang.FUTURE_JOINED);
    llm.when(prompt -> prompt.contains("locked"), ThreadHang.LOCK);
    Caller<String> locked = new Caller<>(() -> llm.complete("locked"));
    awaitInTrap(joined, ThreadHang.FUTURE_JOINED);
    awaitInTrap(locked, ThreadHang.LOCK);
    CompletableFuture<String> blocking =
        llm.completeAsync(POISON)
            .whenComplete(
                (answer, failure) -> {
                  try {
                    callback.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });

    Caller<Boolean> closing =
        new Caller<>(
            () -> {
              llm.close();
              return true;
            });

    assertThat(joined.result)
        .failsWithin(ofSeconds(5))
        .withThrowableThat()
        .withCauseInstanceOf(LlmFailureException.class);
    assertThat(locked.result)
        .failsWithin(ofSeconds(5))
        .withThrowableThat()
        .withCauseInstanceOf(LlmFailureException.class);
    assertThat(closing.result)
        .failsWithin(ofSeconds(30))
        .withThrowableThat()
        .withCauseInstanceOf(IllegalStateException.class);
    callback.countDown();
    assertThat(blocking)
        .failsWithin(ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(LlmFailureException.class);
  }

  @Test
  void obeysTheFirstRuleThatMatchesAndForgetsThemWhenTold() throws Exception {
    llm.answering(prompt -> "fine")
        .when(prompt -> prompt.length() > 5, ThreadHang.LINKAGE)
        .whenPromptContains("poison", ThreadHang.OUT_OF_MEMORY);

    assertThatThrownBy(() -> llm.complete("poison")).isInstanceOf(LinkageError.class);
    assertThat(llm.complete("hello")).isEqualTo("fine");
    llm.clearRules();
    assertThat(llm.complete("poison")).isEqualTo("fine");

    assertThat(llm.prompts()).containsExactly("poison", "hello", "poison");
    assertThat(llm.callCount()).isEqualTo(3);
  }

  private Caller<String> callPoisoned(ThreadHang shape) throws InterruptedException {
    llm.whenPromptContains("poison", shape);
    Caller<String> caller = new Caller<>(() -> llm.complete(POISON));
    assertThat(llm.awaitHeld(1, ofSeconds(20))).isTrue();
    return caller;
  }

  /** Waits until the thread is seen where the shape keeps threads, in the state that it keeps. */
  private static void awaitInTrap(Caller<String> caller, ThreadHang shape) {
    String method =
        switch (shape) {
          case FUTURE_JOINED -> "java.util.concurrent.CompletableFuture.join";
          case FUTURE_GET -> "java.util.concurrent.CompletableFuture.get";
          case INTERRUPT_SWALLOWED, LATE_SUCCESS, LATE_FAILURE ->
              "java.util.concurrent.CountDownLatch.await";
          case LOCK -> "java.util.concurrent.locks.ReentrantLock.lock";
          case MONITOR -> "io.deriver.testkit.llm.LockTrap.enter";
          case NAME_LOOKUP -> "io.deriver.testkit.llm.LookupTrap.enter";
          case PINNED -> "io.deriver.testkit.llm.PinTrap.enter";
          case LIMIT_IGNORED, CLOSE_HANGS, SEMAPHORE ->
              "java.util.concurrent.Semaphore.acquireUninterruptibly";
          case CPU_SPIN -> "io.deriver.testkit.llm.SpinTrap.loop";
          case REGEX_SPIN -> "java.util.regex.Matcher.matches";
          default -> throw new IllegalArgumentException(shape + " keeps no thread");
        };
    Thread.State state =
        switch (shape) {
          case MONITOR -> Thread.State.BLOCKED;
          case CPU_SPIN, REGEX_SPIN -> Thread.State.RUNNABLE;
          default -> Thread.State.WAITING;
        };
    soon()
        .untilAsserted(
            () -> {
              assertThat(caller.thread.getState()).isEqualTo(state);
              assertThat(caller.thread.getStackTrace())
                  .extracting(frame -> frame.getClassName() + "." + frame.getMethodName())
                  .contains(method);
            });
  }

  private static void awaitFrame(Caller<String> caller, String method) {
    soon()
        .untilAsserted(
            () ->
                assertThat(caller.thread.getStackTrace())
                    .extracting(frame -> frame.getClassName() + "." + frame.getMethodName())
                    .contains(method));
  }

  private static List<MonitorInfo> lockedMonitors(Thread thread) {
    ThreadInfo[] infos =
        ManagementFactory.getThreadMXBean().getThreadInfo(new long[] {thread.getId()}, true, false);
    return List.of(infos[0].getLockedMonitors());
  }

  private static List<String> ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("hanging-llm-"))
        .toList();
  }
}
