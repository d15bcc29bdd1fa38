package io.deriver.testkit.llm;

import java.util.Objects;

/**
 * One message of a request.
 *
 * @param role as the client sent it ({@code user}, {@code assistant}, {@code model}, {@code
 *     system}); a system prompt that a dialect keeps elsewhere comes first, with the role {@code
 *     system}
 * @param text its text parts, joined by line ends; empty if it has none
 */
public record LlmMessage(String role, String text) {

  static final String SYSTEM = "system";

  public LlmMessage {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(text, "text");
  }
}
