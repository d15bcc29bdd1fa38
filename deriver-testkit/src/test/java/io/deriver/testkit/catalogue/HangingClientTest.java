package io.deriver.testkit.catalogue;

import static io.deriver.testkit.Soon.soon;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.testkit.Caller;
import io.deriver.testkit.llm.HeldCall;
import io.deriver.testkit.llm.LlmFailureException;
import io.deriver.testkit.llm.PromptDigest;
import io.deriver.testkit.llm.ThreadHang;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays each variant of each shape that is made in a client. */
@Timeout(120)
class HangingClientTest {

  private static final Duration LONG = ofSeconds(30);
  private static final String ANSWER = PromptDigest.of("later").summary();

  static Stream<HangShape> madeElsewhere() {
    return Arrays.stream(HangShape.values()).filter(shape -> shape.place() != Place.CLIENT);
  }

  static Stream<ThreadHang> variants() {
    return Arrays.stream(HangShape.values())
        .filter(shape -> shape.place() == Place.CLIENT)
        .flatMap(shape -> HangingClient.variants(shape).stream());
  }

  static Stream<ThreadHang> hanging() {
    return variants().filter(ThreadHang::keepsThread);
  }

  static Stream<ThreadHang> throwing() {
    return variants().filter(ThreadHang::throwsError);
  }

  @ParameterizedTest
  @MethodSource("madeElsewhere")
  void saysWhatItCannotMake(HangShape shape) {
    assertThatThrownBy(() -> HangingClient.of(shape))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "shape is %s; its place is %s, and here it must be CLIENT", shape, shape.place());
  }

  @ParameterizedTest
  @EnumSource(
      value = ThreadHang.class,
      names = {"LATE_SUCCESS", "LATE_FAILURE"})
  void doesNotMakeLateAnswers(ThreadHang variant) {
    assertThatThrownBy(() -> HangingClient.of(variant))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("variant is %s; no shape that is made in a client has it", variant);
  }

  @ParameterizedTest
  @EnumSource(
      value = ThreadHang.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"LATE_SUCCESS", "LATE_FAILURE"})
  void hasEachVariantInOneShape(ThreadHang variant) {
    assertThat(variants()).containsOnlyOnce(variant);
    try (HangingClient client = HangingClient.of(variant)) {
      assertThat(client.variant()).isEqualTo(variant);
      assertThat(HangingClient.variants(client.shape())).contains(variant);
    }
  }

  @ParameterizedTest
  @MethodSource("hanging")
  void hangsThroughInterruptAndCancelWhileOthersAreAnswered(ThreadHang variant) throws Exception {
    Leftovers leftovers = new Leftovers();
    Caller<String> hung;
    Caller<String> cancelling;
    try (HangingClient client = HangingClient.of(variant)) {
      hung = new Caller<>(() -> client.complete("first"));
      assertThat(client.awaitMet(1, LONG)).isTrue();
      soon().until(() -> !client.held().isEmpty());

      cancelling = new Caller<>(() -> cancel(client));
      boolean cancelHangs = variant == ThreadHang.CLOSE_HANGS;
      soon().until(() -> cancelHangs ? client.held().size() == 2 : cancelling.result.isDone());
      client.recover();
      if (!variant.freedByInterrupt()) {
        hung.thread.interrupt();
      }
      for (int i = 0; i < 5; i++) {
        Caller<String> later = new Caller<>(() -> client.complete("later"));
        assertThat(later.result).succeedsWithin(LONG).isEqualTo(ANSWER);
        assertThat(client.completeAsync("later")).succeedsWithin(LONG).isEqualTo(ANSWER);
      }
      assertThat(hung.result).isNotDone();
      assertThat(cancelling.result.isDone()).isEqualTo(!cancelHangs);
    }
    assertThat(hung.result)
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(LlmFailureException.class);
    assertThat(cancelling.result).succeedsWithin(LONG);
    leftovers.awaitNone();
  }

  private static String cancel(HangingClient client) throws InterruptedException {
    client.cancel("first");
    return "cancelled";
  }

  @ParameterizedTest
  @MethodSource("hanging")
  void hangsWithoutAThreadOfTheCallers(ThreadHang variant) throws Exception {
    Leftovers leftovers = new Leftovers();
    CompletableFuture<String> hung;
    CompletableFuture<String> another;
    try (HangingClient client = HangingClient.of(variant)) {
      hung = client.completeAsync("first");
      another = client.completeAsync("second");
      assertThat(client.awaitMet(2, LONG)).isTrue();
      assertThat(client.awaitMet(3, ofMillis(1))).isFalse();
      assertThat(another.cancel(true)).isTrue();
      client.recover();
      assertThat(client.completeAsync("later")).succeedsWithin(LONG).isEqualTo(ANSWER);
      assertThat(hung).isNotDone();
    }
    assertThat(hung)
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(LlmFailureException.class);
    leftovers.awaitNone();
  }

  @ParameterizedTest
  @MethodSource("throwing")
  void throwsTheErrorOfItsVariant(ThreadHang variant) throws Exception {
    Class<? extends Error> error =
        switch (variant) {
          case STACK_OVERFLOW -> StackOverflowError.class;
          case OUT_OF_MEMORY -> OutOfMemoryError.class;
          default -> NoClassDefFoundError.class;
        };
    try (HangingClient client = HangingClient.of(variant)) {
      assertThatThrownBy(() -> client.complete("first")).isInstanceOf(error);
      assertThat(client.completeAsync("second"))
          .failsWithin(LONG)
          .withThrowableThat()
          .withCauseInstanceOf(error);
      assertThat(client.awaitMet(2, LONG)).isTrue();

      client.recover();

      assertThat(client.complete("later")).isEqualTo(ANSWER);
      assertThat(client.awaitMet(3, Duration.ZERO)).isFalse();
    }
  }

  @Test
  void answersAndLeavesAThreadAtWork() throws Exception {
    Leftovers leftovers = new Leftovers();
    try (HangingClient client = HangingClient.of(HangShape.CHILD_THREAD_LEFT)) {
      assertThat(client.complete("later")).isEqualTo(ANSWER);
      assertThat(client.awaitMet(1, LONG)).isTrue();
      soon().until(() -> client.held().size() == 1);
      Thread child = client.held().get(0).thread();

      client.recover();

      assertThat(client.complete("later")).isEqualTo(ANSWER);
      child.interrupt();
      assertThat(client.complete("later")).isEqualTo(ANSWER);
      assertThat(client.held()).extracting(HeldCall::thread).containsExactly(child);
    }
    leftovers.awaitNone();
  }

  @Test
  void dropsTheLimitThatItIsGiven() throws Exception {
    List<Caller<String>> hung;
    try (HangingClient client = HangingClient.of(HangShape.TIMEOUT_IGNORED);
        HangingClient heeding = HangingClient.of(ThreadHang.FUTURE_GET)) {
      hung = List.of(new Caller<>(() -> client.complete("first", ofMillis(1))));
      assertThat(client.awaitMet(1, LONG)).isTrue();

      // Another client's limit of the same length, begun later, is over before.
      assertThatThrownBy(() -> heeding.complete("first", ofMillis(1)))
          .isInstanceOf(LlmFailureException.class);

      assertThat(hung.get(0).result).isNotDone();
    }
    assertThat(hung.get(0).result).failsWithin(LONG).withThrowableOfType(ExecutionException.class);
  }
}
