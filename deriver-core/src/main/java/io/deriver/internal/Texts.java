package io.deriver.internal;

/** Makes free text (error messages, stacks, reasons) fit for a database column and a log line. */
public final class Texts {

  private static final String CUT = "... [cut]";

  private Texts() {}

  /** The text without NUL characters, which Postgres rejects, and of at most so many characters. */
  public static String clean(String text, int maxLength) {
    String safe = text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    return safe.length() <= maxLength
        ? safe
        : safe.substring(0, Math.max(0, maxLength - CUT.length())) + CUT;
  }

  /** The text on one line, with control characters replaced. */
  public static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.chars().forEach(c -> out.append(Character.isISOControl(c) ? '?' : (char) c));
    return out.toString();
  }
}
