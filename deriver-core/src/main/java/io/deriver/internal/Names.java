package io.deriver.internal;

import org.jspecify.annotations.Nullable;

/** The rules for names that reach the database, the log and a psql prompt. */
public final class Names {

  public static final int MAX_TYPE_LENGTH = 100;
  public static final int MAX_KEY_LENGTH = 500;
  public static final int MAX_POOL_LENGTH = 60;
  public static final int MAX_VARIANT_LENGTH = 200;

  private static final int SHOWN = 40;

  private Names() {}

  /** Returns the type's name if it may stand, or says which rule it breaks. */
  public static String requireType(@Nullable String name) {
    return require("type", name, MAX_TYPE_LENGTH);
  }

  /** Returns the key if it may stand, or says which rule it breaks. */
  public static String requireKey(@Nullable String key) {
    return require("key", key, MAX_KEY_LENGTH);
  }

  /** Returns the dedupe key if it may stand, or says which rule it breaks. */
  public static String requireDedupeKey(@Nullable String key) {
    return require("dedupeKey", key, MAX_KEY_LENGTH);
  }

  /** Returns the pool's name if it may stand, or says which rule it breaks. */
  public static String requirePool(@Nullable String name) {
    return require("name", name, MAX_POOL_LENGTH);
  }

  /** Returns the variant if it may stand, or says which rule it breaks. */
  public static String requireVariant(@Nullable String variant) {
    return variant != null && variant.isEmpty()
        ? variant
        : require("variant", variant, "empty, or 1", MAX_VARIANT_LENGTH);
  }

  private static String require(String what, @Nullable String value, int max) {
    return require(what, value, "1", max);
  }

  private static String require(String what, @Nullable String value, String min, int max) {
    if (value == null) {
      throw new IllegalArgumentException(
          what + " is null; it must be " + min + " to " + max + " characters");
    }
    if (value.isBlank()) {
      throw new IllegalArgumentException(
          what
              + " is blank; it must be "
              + min
              + " to "
              + max
              + " characters, not all of them white space");
    }
    if (value.length() > max) {
      throw new IllegalArgumentException(
          "%s '%s...' has %d characters; at most %d are allowed"
              .formatted(what, Texts.printable(value.substring(0, SHOWN)), value.length(), max));
    }
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i)) || isLoneSurrogate(value, i)) {
        throw new IllegalArgumentException(
            "%s '%s' has the character U+%04X at index %d; control characters and unpaired surrogates are not allowed"
                .formatted(
                    what,
                    Texts.printable(value.substring(0, Math.min(SHOWN, value.length()))),
                    (int) value.charAt(i),
                    i));
      }
    }
    return value;
  }

  private static boolean isLoneSurrogate(String value, int i) {
    char c = value.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
  }
}
