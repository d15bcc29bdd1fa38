package io.deriver.internal.pool;

import io.deriver.internal.Texts;
import java.util.List;
import java.util.function.UnaryOperator;

/** Makes text of errors and stacks: redacted, cleaned, of bounded size. */
final class ErrorText {

  static final int MAX_LENGTH = 8_000;

  private static final int BRIEF_LENGTH = 500;
  private static final int MAX_FRAMES = 60;
  private static final int MAX_CAUSES = 5;
  private static final int TOP_FRAMES = 3;
  private static final String OURS = "io.deriver.internal.";

  private ErrorText() {}

  /** Type and message on one line. Calls the error's own code, which may fail in its turn. */
  static String brief(Throwable error) {
    try {
      return Texts.clean(Texts.printable(String.valueOf(error)), BRIEF_LENGTH);
    } catch (Throwable broken) {
      return error.getClass().getName() + " (its message could not be read)";
    }
  }

  /**
   * Messages and stacks of an error and its causes, through the host's redactor. If that fails, the
   * text names the types alone: what was to be redacted must not get out.
   */
  static String full(Throwable error, UnaryOperator<String> redactor) {
    try {
      StringBuilder text = new StringBuilder(256);
      Throwable at = error;
      for (int depth = 0; at != null && depth < MAX_CAUSES; depth++, at = at.getCause()) {
        text.append(depth == 0 ? "" : "caused by: ").append(redactor.apply(String.valueOf(at)));
        text.append('\n');
        frames(text, at.getStackTrace(), depth == 0 ? MAX_FRAMES : MAX_FRAMES / 4);
      }
      return Texts.clean(text.toString(), MAX_LENGTH);
    } catch (Throwable broken) {
      return error.getClass().getName()
          + " (its text could not be made: "
          + broken.getClass().getName()
          + ")";
    }
  }

  /** A thread's stack as text. */
  static String stack(StackTraceElement[] stack) {
    StringBuilder text = new StringBuilder(256);
    frames(text, stack, MAX_FRAMES);
    return Texts.clean(text.toString(), MAX_LENGTH);
  }

  /** What is told where there is room for one line. */
  static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  /**
   * Of a stack made by {@link #stack}, on one line: its top, and the frame that the pool called,
   * which is the host's. Calls that hang look alike at the top, whoever made them.
   */
  static String top(String stack) {
    List<String> frames = stack.lines().map(ErrorText::frame).toList();
    String top = String.join(" < ", frames.stream().limit(TOP_FRAMES).toList());
    // From below, since the host may be in a call of ours, too.
    int host = frames.size() - 2;
    while (host >= 0 && (isOurs(frames.get(host)) || !isOurs(frames.get(host + 1)))) {
      host--;
    }
    return host < TOP_FRAMES ? top : top + " < .. < " + frames.get(host);
  }

  private static boolean isOurs(String frame) {
    return frame.contains(OURS);
  }

  private static String frame(String line) {
    String trimmed = line.strip();
    return trimmed.startsWith("at ") ? trimmed.substring("at ".length()) : trimmed;
  }

  // The top says where it hangs, the bottom who called: what is between goes first.
  private static void frames(StringBuilder text, StackTraceElement[] stack, int max) {
    int bottom = stack.length > max ? max / 3 : 0;
    int top = Math.min(stack.length, max) - bottom;
    for (int i = 0; i < stack.length; i++) {
      if (i < top || i >= stack.length - bottom) {
        text.append("  at ").append(stack[i]).append('\n');
      } else if (i == top) {
        text.append("  ... ").append(stack.length - top - bottom).append(" more\n");
      }
    }
  }
}
