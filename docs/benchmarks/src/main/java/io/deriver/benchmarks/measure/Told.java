package io.deriver.benchmarks.measure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;

/** Reads settings from properties, and says which one cannot be. */
record Told(Properties properties) {

  private static final String WHICH = "bench";
  private static final String PREFIX = "bench.";

  /** The benchmark; all if none is named. */
  Settings.Which which() {
    String text = properties.getProperty(WHICH, Settings.Which.ALL.name());
    return Stream.of(Settings.Which.values())
        .filter(one -> one.name().equalsIgnoreCase(text))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is '%s'; it must be one of %s"
                        .formatted(
                            WHICH,
                            text,
                            Arrays.toString(Settings.Which.values()).toLowerCase(Locale.ROOT))));
  }

  String text(String name, String otherwise) {
    return properties.getProperty(PREFIX + name, otherwise);
  }

  int number(String name, int least, int otherwise) {
    String text = text(name, "");
    try {
      int number = text.isEmpty() ? otherwise : Integer.parseInt(text);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(rule(name, text, least), e);
    }
    throw new IllegalArgumentException(rule(name, text, least));
  }

  private static String rule(String name, String text, int least) {
    return "%s%s is %s; it must be a whole number, %d at least"
        .formatted(PREFIX, name, text, least);
  }
}
