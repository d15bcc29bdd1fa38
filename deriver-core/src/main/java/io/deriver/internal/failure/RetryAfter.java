package io.deriver.internal.failure;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers by which a provider says when to come back: {@code retry-after-ms}, {@code
 * Retry-After} in seconds, or as a date, which is measured against the answer's own {@code Date}:
 * the clock of this host decides nothing.
 */
final class RetryAfter {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

  private RetryAfter() {}

  /**
   * What they say.
   *
   * @param headers answers a list of texts for a name; anything else counts as none
   */
  static Optional<Duration> of(Function<String, @Nullable Object> headers) {
    Optional<Duration> millis = first(headers, "retry-after-ms").flatMap(text -> times(text, 1));
    return millis.isPresent()
        ? millis
        : first(headers, "retry-after")
            .flatMap(
                text -> NUMBER.matcher(text).matches() ? times(text, 1_000) : until(text, headers));
  }

  private static Optional<String> first(Function<String, @Nullable Object> headers, String name) {
    return headers.apply(name) instanceof List<?> values
            && !values.isEmpty()
            && values.get(0) instanceof String text
        ? Optional.of(text.trim())
        : Optional.empty();
  }

  private static Optional<Duration> times(String number, int millis) {
    return NUMBER.matcher(number).matches()
        ? Optional.of(Duration.ofMillis((long) (Double.parseDouble(number) * millis)))
        : Optional.empty();
  }

  private static Optional<Duration> until(String date, Function<String, @Nullable Object> headers) {
    return first(headers, "date").flatMap(now -> between(now, date));
  }

  private static Optional<Duration> between(String now, String then) {
    try {
      Duration time = Duration.between(date(now), date(then));
      return Optional.of(time.isNegative() ? Duration.ZERO : time);
    } catch (DateTimeException noDate) {
      return Optional.empty();
    }
  }

  private static ZonedDateTime date(String text) {
    return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
  }
}
