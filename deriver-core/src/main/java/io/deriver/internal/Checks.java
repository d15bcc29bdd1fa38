package io.deriver.internal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Refuses settings in one voice: the setting's name, its value, the rule. */
public final class Checks {

  private Checks() {}

  public static Duration between(
      String setting, @Nullable Duration value, Duration min, Duration max) {
    if (value == null || value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "%s is %s; it must be between %s and %s".formatted(setting, value, min, max));
    }
    return value;
  }

  public static int between(String setting, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is %d; it must be between %d and %d".formatted(setting, value, min, max));
    }
    return value;
  }

  /** Refuses a pair of settings that cannot work together. */
  public static void rule(boolean holds, String message, @Nullable Object... args) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(args));
    }
  }
}
