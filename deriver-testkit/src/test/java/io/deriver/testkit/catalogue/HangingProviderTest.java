package io.deriver.testkit.catalogue;

import static io.deriver.testkit.Soon.soon;
import static io.deriver.testkit.catalogue.ProviderCall.ANSWERED;
import static io.deriver.testkit.catalogue.ProviderCall.FAILED;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.testkit.net.LoopbackTls;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays each shape that is made on a network. */
@Timeout(120)
class HangingProviderTest {

  /** What the JDK opens once and keeps is open from here on. */
  @BeforeAll
  static void warmUp() throws Exception {
    for (HangShape shape : List.of(HangShape.CONNECT_NEVER_COMPLETES, HangShape.ANSWERS_LATE)) {
      try (HangingProvider provider = HangingProvider.of(shape);
          ProviderCall call = ProviderCall.to(provider)) {
        assertThat(provider.awaitMet(1, ofSeconds(30))).isTrue();
        assertThat(call.caller.result).isNotDone();
        provider.recover();
      }
    }
    assertThat(LoopbackTls.shared().certificate()).isNotNull();
  }

  static Stream<HangShape> shapes() {
    return Arrays.stream(HangShape.values()).filter(shape -> shape.place() == Place.NETWORK);
  }

  static Stream<HangShape> hanging() {
    return shapes().filter(shape -> shape.expected() != Expected.FAILS);
  }

  static Stream<HangShape> ending() {
    return shapes().filter(shape -> shape.expected() == Expected.FAILS);
  }

  static Stream<HangShape> madeElsewhere() {
    return Arrays.stream(HangShape.values()).filter(shape -> shape.place() != Place.NETWORK);
  }

  @ParameterizedTest
  @MethodSource("madeElsewhere")
  void saysWhatItCannotMake(HangShape shape) {
    assertThatThrownBy(() -> HangingProvider.of(shape))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "shape is %s; its place is %s, and here it must be NETWORK", shape, shape.place());
  }

  @ParameterizedTest
  @MethodSource("hanging")
  void hangsAndAnswersOthersOnceItHasRecovered(HangShape shape) throws Exception {
    Leftovers leftovers = new Leftovers();
    String address;
    try (HangingProvider provider = HangingProvider.of(shape);
        ProviderCall hung = ProviderCall.to(provider);
        ProviderCall another = ProviderCall.to(provider)) {
      address = provider.baseUrl();
      assertThat(provider.shape()).isEqualTo(shape);
      assertThat(provider.awaitMet(2, ofSeconds(30))).isTrue();

      provider.recover();
      provider.recover();

      for (int i = 0; i < 5; i++) {
        try (ProviderCall later = ProviderCall.to(provider)) {
          assertThat(later.caller.result).succeedsWithin(ofSeconds(30)).isEqualTo(ANSWERED);
        }
      }
      if (shape == HangShape.CONNECT_NEVER_COMPLETES) {
        assertThat(hung.caller.result).succeedsWithin(ofSeconds(60)).isEqualTo(ANSWERED);
      } else {
        assertThat(hung.caller.result).isNotDone();
        assertThat(another.caller.result).isNotDone();
      }
      assertThat(provider.baseUrl()).isEqualTo(address);
    }
    leftovers.awaitNone();
    Leftovers.assertFree(address);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void answersLateOrFailsLateWhenItIsTold(boolean well) throws Exception {
    try (HangingProvider provider = HangingProvider.of(HangShape.ANSWERS_LATE);
        ProviderCall first = ProviderCall.to(provider);
        ProviderCall second = ProviderCall.to(provider)) {
      assertThat(provider.awaitMet(2, ofSeconds(30))).isTrue();
      assertThat(provider.requests()).hasSize(2);

      if (well) {
        provider.answerLate();
        assertThat(first.caller.result).succeedsWithin(ofSeconds(30)).isEqualTo(ANSWERED);
        assertThat(second.caller.result).succeedsWithin(ofSeconds(30)).isEqualTo(ANSWERED);
      } else {
        provider.failLate();
        assertThat(first.caller.result).succeedsWithin(ofSeconds(30)).isEqualTo(FAILED);
        assertThat(second.caller.result).succeedsWithin(ofSeconds(30)).isEqualTo(FAILED);
      }

      try (ProviderCall third = ProviderCall.to(provider)) {
        assertThat(provider.awaitMet(1, ofSeconds(30))).isTrue();
        assertThat(third.caller.result).isNotDone();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ending")
  void endsBadlyAndAnswersOthersOnceItHasRecovered(HangShape shape) throws Exception {
    String badly =
        shape == HangShape.STREAM_TRUNCATED ? ProviderCall.CUT_SHORT : ProviderCall.SENT_AWAY;
    Leftovers leftovers = new Leftovers();
    String address;
    try (HangingProvider provider = HangingProvider.of(shape)) {
      address = provider.baseUrl();
      for (int i = 0; i < 5; i++) {
        try (ProviderCall met = ProviderCall.to(provider)) {
          assertThat(met.caller.result).succeedsWithin(ofSeconds(30)).isEqualTo(badly);
        }
      }
      assertThat(provider.awaitMet(5, ofSeconds(30))).isTrue();
      assertThat(provider.requests()).hasSize(5);

      provider.recover();

      try (ProviderCall later = ProviderCall.to(provider)) {
        assertThat(later.caller.result).succeedsWithin(ofSeconds(30)).isEqualTo(ANSWERED);
      }
      assertThat(provider.awaitMet(6, ofSeconds(0))).isFalse();
    }
    leftovers.awaitNone();
    Leftovers.assertFree(address);
  }

  @ParameterizedTest
  @MethodSource("hanging")
  void letsGoOnClose(HangShape shape) throws Exception {
    Leftovers leftovers = new Leftovers();
    HangingProvider provider = HangingProvider.of(shape);
    try (ProviderCall hung = ProviderCall.to(provider)) {
      assertThat(provider.awaitMet(1, ofSeconds(30))).isTrue();
      assertThat(hung.caller.result).isNotDone();

      provider.close();
      provider.close();

      soon().atMost(ofSeconds(60)).until(() -> !hung.caller.thread.isAlive());
      assertThat(hung.caller.result).isCompletedExceptionally();
    }
    provider.recover();
    leftovers.awaitNone();
    Leftovers.assertFree(provider.baseUrl());
  }

  @ParameterizedTest
  @MethodSource("hanging")
  void leavesItToTheClientToGo(HangShape shape) throws Exception {
    try (HangingProvider provider = HangingProvider.of(shape);
        ProviderCall hung = ProviderCall.to(provider)) {
      assertThat(provider.awaitMet(1, ofSeconds(30))).isTrue();

      hung.giveUp();

      soon().until(() -> !hung.caller.thread.isAlive());
      assertThat(hung.caller.result).isCompletedExceptionally();
    }
  }
}
