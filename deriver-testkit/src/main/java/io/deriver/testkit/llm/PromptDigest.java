package io.deriver.testkit.llm;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the fakes answer unless told otherwise: a summary computed from the prompt, so that a wrong
 * key, a missing, doubled or swapped message shows in the answer.
 *
 * <p>A prompt is read like this. The first line of the form {@code Key: x} or {@code Conversation:
 * x} names the key ({@code Key = x} too, in any case of letters); every line after it that is not
 * blank is a message. Without such a line the key is {@code unknown} and every line that is not
 * blank is a message. A message of several lines counts as several.
 *
 * @param key what the prompt says that it is about
 * @param messages how many messages it holds, 0 or more
 * @param first the first message; empty if there is none
 * @param last the last message; empty if there is none
 * @param sum 16 hex digits over key and messages, in order; differs when any of them differs
 */
public record PromptDigest(String key, int messages, String first, String last, String sum) {

  private static final Pattern KEY_LINE =
      Pattern.compile(
          "^\\s*(?:key|conversation)\\s*[:=]\\s*(\\S.*?)\\s*$", Pattern.CASE_INSENSITIVE);
  private static final String UNKNOWN = "unknown";
  private static final int SUM_BYTES = 8;

  public PromptDigest {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(last, "last");
    Objects.requireNonNull(sum, "sum");
  }

  /** Reads a prompt. */
  public static PromptDigest of(String prompt) {
    List<String> lines = prompt.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher keyLine = KEY_LINE.matcher(lines.get(i));
      if (keyLine.matches()) {
        return of(keyLine.group(1), lines.subList(i + 1, lines.size()));
      }
    }
    return of(UNKNOWN, lines);
  }

  /**
   * What a correct prompt for this key and these messages comes to: the expected side of an
   * assertion.
   *
   * @param messages each of one line
   */
  public static PromptDigest of(String key, List<String> messages) {
    List<String> stripped = messages.stream().map(String::strip).toList();
    return new PromptDigest(
        key,
        stripped.size(),
        stripped.isEmpty() ? "" : stripped.get(0),
        stripped.isEmpty() ? "" : stripped.get(stripped.size() - 1),
        sum(key, stripped));
  }

  /** The answer in words, on one line. */
  public String summary() {
    return "Summary of %s: %d messages, first \"%s\", last \"%s\", digest %s"
        .formatted(key, messages, first, last, sum);
  }

  private static String sum(String key, List<String> messages) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(key.getBytes(StandardCharsets.UTF_8));
      for (String message : messages) {
        sha.update((byte) '\n');
        sha.update(message.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(sha.digest(), 0, SUM_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
