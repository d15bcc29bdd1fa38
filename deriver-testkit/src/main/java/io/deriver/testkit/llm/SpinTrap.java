package io.deriver.testkit.llm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Burns a core: in a loop, or in a regular expression that tries some 10^15 ways to match. */
final class SpinTrap implements ThreadTrap {

  private static final Pattern BACKTRACKS = Pattern.compile("(.*a){12}$");
  private static final String NO_MATCH = "a".repeat(100) + "b";

  private final boolean regex;
  private volatile boolean open;
  private volatile long result;

  SpinTrap(boolean regex) {
    this.regex = regex;
  }

  @Override
  public void enter() {
    if (regex) {
      match();
    } else {
      loop();
    }
  }

  private void loop() {
    long value = 1;
    while (!open) {
      value = value * 31 + 7;
    }
    result = value;
  }

  private void match() {
    Matcher matcher = BACKTRACKS.matcher(new Exit(NO_MATCH));
    try {
      result = matcher.matches() ? 1 : 0;
    } catch (OpenedException letGo) {
      result = -1;
    }
  }

  /** What was computed last: read by nobody, so that no compiler can prove it useless. */
  long result() {
    return result;
  }

  @Override
  public void open() {
    open = true;
  }

  /** A text that a matcher cannot read any more once the trap is open. */
  private final class Exit implements CharSequence {

    private final String text;

    Exit(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (open) {
        throw new OpenedException();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final class OpenedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
