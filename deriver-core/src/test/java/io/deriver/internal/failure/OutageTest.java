package io.deriver.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guards what tells that a provider is down: it opens breakers, and excuses units. */
class OutageTest {

  /** As clients of providers throw it. */
  public static final class AnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    AnswerException(int status) {
      this.status = status;
    }

    public int statusCode() {
      return status;
    }
  }

  private static Throwable below(int causes, Throwable deepest) {
    Throwable error = deepest;
    for (int i = 0; i < causes; i++) {
      error = new IllegalStateException(error);
    }
    return error;
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 503, 529, 599})
  void aProviderThatIsBusyOrDownIsAnOutage(int status) {
    assertThat(ProviderAnswer.isOutage(new AnswerException(status))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 422, 499})
  void oneThatRefusesIsNone(int status) {
    assertThat(ProviderAnswer.isOutage(new AnswerException(status))).isFalse();
  }

  @Test
  void oneThatCannotBeReachedIs() {
    assertThat(ProviderAnswer.isOutage(new IOException("reset"))).isTrue();
    assertThat(ProviderAnswer.isOutage(new UncheckedIOException(new IOException("reset"))))
        .isTrue();
    assertThat(ProviderAnswer.isOutage(new IllegalStateException("a mistake"))).isFalse();
  }

  /** An answer says more than that it came by a failure of I/O. */
  @Test
  void anAnswerIsHeardFirst() {
    AnswerException refusal = new AnswerException(404);
    refusal.initCause(new IOException("reset"));
    assertThat(ProviderAnswer.isOutage(refusal)).isFalse();
  }

  @Test
  void tenAreLookedAtAndNoMore() {
    assertThat(ProviderAnswer.isOutage(below(9, new IOException("reset")))).isTrue();
    assertThat(ProviderAnswer.isOutage(below(10, new IOException("reset")))).isFalse();
    assertThat(ProviderAnswer.in(below(9, new AnswerException(400)))).isPresent();
    assertThat(ProviderAnswer.in(below(10, new AnswerException(400)))).isEmpty();
  }

  @Test
  void whatIsNoStatusOfAnErrorIsNoAnswer() {
    assertThat(ProviderAnswer.in(new AnswerException(399))).isEmpty();
    assertThat(ProviderAnswer.in(new AnswerException(600))).isEmpty();
    assertThat(ProviderAnswer.in(new AnswerException(599)).orElseThrow().status()).isEqualTo(599);
  }
}
