package io.deriver.examples;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values as the tables of docs/configuration.md write them. */
final class Written {

  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "min", Duration.ofMinutes(1),
          "hour", Duration.ofHours(1),
          "day", Duration.ofDays(1),
          "days", Duration.ofDays(1));
  private static final Pattern AMOUNT = Pattern.compile("([\\d,]+)(?: (\\w+))?");

  private Written() {}

  /** How the page must write this value, if it is one that can be compared. */
  static Optional<String> of(String setting, @Nullable Object value) {
    if (value == null) {
      return Optional.of("none");
    } else if (value instanceof Optional<?> optional) {
      return of(setting, optional.orElse(null));
    } else if (value instanceof Duration duration) {
      return Optional.of(duration(duration));
    } else if (value instanceof Integer number) {
      return Optional.of(
          setting.endsWith("Bytes")
              ? (number >> 20) + " MiB"
              : String.format(Locale.ROOT, "%,d", number));
    } else if (value instanceof Boolean flag) {
      return Optional.of(flag.toString());
    } else if (value instanceof String text) {
      return Optional.of("`" + text + "`");
    }
    return Optional.empty();
  }

  private static String duration(Duration value) {
    for (String unit : new String[] {"day", "hour", "min", "s", "ms"}) {
      long count = value.dividedBy(UNITS.getOrDefault(unit, Duration.ZERO));
      if (count > 0 && UNITS.getOrDefault(unit, Duration.ZERO).multipliedBy(count).equals(value)) {
        return count + " " + unit;
      }
    }
    return "0 s";
  }

  /** The Integer or Duration that a text stands for, if it stands for one. */
  static Optional<Object> parse(String text) {
    Matcher amount = AMOUNT.matcher(text);
    if (!amount.matches()) {
      return Optional.empty();
    }
    int count = Integer.parseInt(amount.group(1).replace(",", ""));
    String unit = amount.group(2);
    if (unit == null) {
      return Optional.of(count);
    } else if (unit.equals("MiB")) {
      return Optional.of(count << 20);
    } else if (unit.equals("byte")) {
      return Optional.of(count);
    }
    return Optional.ofNullable(UNITS.get(unit)).map(one -> one.multipliedBy(count));
  }

  /** The next value below or above. */
  static Object beside(Object value, int step) {
    return value instanceof Duration duration
        ? duration.plusNanos(step)
        : (Object) ((Integer) value + step);
  }
}
