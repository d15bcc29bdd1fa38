package io.deriver.testkit.llm;

import java.util.List;
import java.util.Objects;

/**
 * One message of a request.
 *
 * @param role as the client sent it ({@code user}, {@code assistant}, {@code model}, {@code tool},
 *     {@code system}); a system prompt that a dialect keeps elsewhere comes first, with the role
 *     {@code system}
 * @param text its text parts, joined by line ends; empty if it has none
 * @param toolCalls what the model called earlier, as the client repeats it; cannot be changed
 * @param toolResults what tools returned; not part of the text; cannot be changed
 */
public record LlmMessage(
    String role, String text, List<ToolCall> toolCalls, List<ToolResult> toolResults) {

  static final String SYSTEM = "system";

  public LlmMessage {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(text, "text");
    toolCalls = List.copyOf(toolCalls);
    toolResults = List.copyOf(toolResults);
  }

  /** A message in which no tool is spoken of. */
  public LlmMessage(String role, String text) {
    this(role, text, List.of(), List.of());
  }
}
