package io.deriver.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.FailurePolicy;
import io.deriver.FailurePolicy.Verdict;
import io.deriver.PermanentFailureException;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guards what the default policy makes of exceptions, those of hosts' own clients above all. */
class StandardFailuresTest {

  private static final Duration REFUSED = Duration.ofMinutes(5);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final FailurePolicy policy = FailurePolicy.standard();

  private Verdict of(Throwable error) {
    return policy.classify(error, 1);
  }

  private Verdict of(int status, Map<String, String> headers) {
    return of(new AnswerException(status, headers));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  void whatNoAttemptCanMendIsPermanent(int status) {
    assertThat(of(status, Map.of())).isEqualTo(Verdict.PERMANENT);
    assertThat(of(status, Map.of("retry-after", "3"))).isEqualTo(Verdict.PERMANENT);
  }

  @Test
  void aRefusedKeyConcernsTheWholeType() {
    assertThat(of(401, Map.of())).isEqualTo(Verdict.PERMANENT.pausing(REFUSED));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 408, 409, 418, 429, 500, 502, 503, 504, 529})
  void whatPassesIsTriedAgain(int status) {
    assertThat(of(status, Map.of())).isEqualTo(Verdict.RETRY);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503, 529})
  void whoSaysWhenToComeBackIsLeftAlone(int status) {
    Duration time = Duration.ofSeconds(7);
    assertThat(of(status, Map.of("retry-after", "7")))
        .isEqualTo(Verdict.RELEASE.notBefore(time).pausing(time));
  }

  @Test
  void othersAreNotAskedSooner() {
    assertThat(of(500, Map.of("retry-after", "7")))
        .isEqualTo(Verdict.RETRY.notBefore(Duration.ofSeconds(7)));
  }

  @Test
  void nobodyIsLeftAloneForDays() {
    assertThat(of(429, Map.of("retry-after", "172800")))
        .isEqualTo(Verdict.RELEASE.notBefore(LONGEST).pausing(LONGEST));
    assertThat(of(500, Map.of("retry-after", "999999999")))
        .isEqualTo(Verdict.RETRY.notBefore(LONGEST));
  }

  @ParameterizedTest
  @CsvSource({
    "2.5, PT2.5S",
    "0, PT0S",
    "'  30 ', PT30S",
    "'Fri, 27 Nov 2026 10:00:09 GMT', PT9S",
    "'Fri, 27 Nov 2026 09:00:00 GMT', PT0S"
  })
  void timesAreReadAsTheyAreWritten(String text, Duration time) {
    assertThat(of(500, Map.of("retry-after", text, "date", "Fri, 27 Nov 2026 10:00:00 GMT")))
        .isEqualTo(Verdict.RETRY.notBefore(time));
  }

  @Test
  void millisecondsComeFirst() {
    assertThat(of(500, Map.of("retry-after-ms", "1500", "retry-after", "9")))
        .isEqualTo(Verdict.RETRY.notBefore(Duration.ofMillis(1500)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-4", "1e9", "99999999999999999999", "Fri, 40 Nov 2026"})
  void timesThatAreNoneAreIgnored(String text) {
    assertThat(of(429, Map.of("retry-after", text))).isEqualTo(Verdict.RETRY);
    assertThat(of(429, Map.of("retry-after-ms", text))).isEqualTo(Verdict.RETRY);
  }

  /** Without the answer's own date the host's clock would have to decide. */
  @Test
  void aDateAloneIsIgnored() {
    assertThat(of(429, Map.of("retry-after", "Fri, 27 Nov 2026 10:00:09 GMT")))
        .isEqualTo(Verdict.RETRY);
  }

  @Test
  void causesAreLookedAt() {
    Exception cause = new AnswerException(413, Map.of());
    assertThat(of(new IllegalStateException(new RuntimeException(cause))))
        .isEqualTo(Verdict.PERMANENT);
  }

  @Test
  void causesThatGoInCirclesEnd() {
    Exception one = new Exception("one");
    one.initCause(new Exception("two", one));
    assertThat(of(one)).isEqualTo(Verdict.RETRY);
  }

  @Test
  void exceptionsThatFailWhenAskedMeanRetry() {
    assertThat(of(new BrokenException())).isEqualTo(Verdict.RETRY);
    assertThat(of(new TextException())).isEqualTo(Verdict.RETRY);
    assertThat(of(200, Map.of())).isEqualTo(Verdict.RETRY);
    assertThat(of(new HiddenException())).isEqualTo(Verdict.PERMANENT);
  }

  @Test
  void othersAreAsEver() {
    assertThat(of(new PermanentFailureException("no"))).isEqualTo(Verdict.PERMANENT);
    assertThat(of(new NoClassDefFoundError("gone"))).isEqualTo(Verdict.PERMANENT);
    assertThat(of(new IOException("reset"))).isEqualTo(Verdict.RETRY);
    assertThat(of(new HttpTimeoutException("late"))).isEqualTo(Verdict.RETRY);
  }

  @Test
  void timesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Verdict.RETRY.notBefore(Duration.ofDays(367)))
        .hasMessage("notBefore is PT8808H; it must be between PT0S and PT8784H");
    assertThatThrownBy(() -> Verdict.RETRY.pausing(Duration.ofSeconds(-1)))
        .hasMessage("pause is PT-1S; it must be between PT0S and PT24H");
  }

  /** Headers as the SDKs have them. */
  public record Headers(Map<String, String> all) {
    public List<String> values(String name) {
      return all.containsKey(name) ? List.of(all.get(name)) : List.of();
    }
  }

  /** An exception of a client, as clients write them. */
  public static class AnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final transient Headers headers;

    AnswerException(int status, Map<String, String> headers) {
      this.status = status;
      this.headers = new Headers(headers);
    }

    public int statusCode() {
      return status;
    }

    public Headers headers() {
      return headers;
    }
  }

  private static final class HiddenException extends AnswerException {
    private static final long serialVersionUID = 1L;

    HiddenException() {
      super(400, Map.of());
    }
  }

  /** Throws when it is asked. */
  public static final class BrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public int statusCode() {
      return Integer.parseInt("not now");
    }
  }

  /** Says something else. */
  public static final class TextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public String statusCode() {
      return "400";
    }
  }
}
