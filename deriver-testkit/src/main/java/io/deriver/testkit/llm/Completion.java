package io.deriver.testkit.llm;

import java.util.List;

/** What a model says in one answer: a text, calls of tools, or first the one and then the other. */
record Completion(String text, List<ToolCall> calls) {

  static Completion of(String text) {
    return new Completion(text, List.of());
  }

  boolean hasText() {
    return !text.isEmpty() || calls.isEmpty();
  }

  boolean callsTools() {
    return !calls.isEmpty();
  }

  /** The text in the pieces in which it is streamed. */
  List<String> words() {
    return hasText() ? List.of(text.split("(?<=\\s)")) : List.of();
  }

  /** The fakes' measure of tokens. */
  int tokens() {
    return Json.tokens(text) + calls.stream().mapToInt(call -> Json.tokens(call.arguments())).sum();
  }
}
