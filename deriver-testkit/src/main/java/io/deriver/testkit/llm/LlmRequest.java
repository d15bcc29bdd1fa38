package io.deriver.testkit.llm;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One call as {@link FakeLlmServer} received it.
 *
 * @param number counts the server's calls from 1, in the order of their arrival
 * @param dialect the API that was called
 * @param model the model that was asked for
 * @param streaming whether the client wants the answer in pieces
 * @param messages what was sent, in its order; the list cannot be changed
 * @param tools the names of the tools that the client offers; the list cannot be changed
 * @param at when it had arrived in full, by this machine's wall clock
 * @param connection counts the server's connections from 1; calls on a connection that was kept
 *     alive share it
 * @param http the call itself: path, headers and body as they came
 */
public record LlmRequest(
    long number,
    Dialect dialect,
    String model,
    boolean streaming,
    List<LlmMessage> messages,
    List<String> tools,
    Instant at,
    long connection,
    HttpCall http) {

  public LlmRequest {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
  }

  /** All texts, system prompt included, joined by line ends. */
  public String prompt() {
    return messages.stream().map(LlmMessage::text).collect(Collectors.joining("\n"));
  }

  /** The texts of all messages but the system prompt, joined by line ends. */
  public String conversation() {
    return messages.stream()
        .filter(message -> !LlmMessage.SYSTEM.equals(message.role()))
        .map(LlmMessage::text)
        .collect(Collectors.joining("\n"));
  }

  /** What tools returned, of all messages, in their order; empty in a first turn. */
  public List<ToolResult> toolResults() {
    return messages.stream().flatMap(message -> message.toolResults().stream()).toList();
  }
}
