package io.deriver.testkit.llm;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The tools that tests have called, with a script of two turns: first the calls, then an answer.
 */
final class Tools {

  static final String PROMPT = "What is it like in Zürich?";
  static final ToolCall WEATHER = new ToolCall("weather", "{\"city\":\"Zürich ☀️\",\"days\":3}");
  static final ToolCall CLOCK = new ToolCall("clock", "{}");
  static final List<String> NAMES = List.of(WEATHER.name(), CLOCK.name());

  private Tools() {}

  static FakeLlmServer server() {
    return new FakeLlmServer()
        .when(request -> request.toolResults().isEmpty(), Reply.toolCalls(WEATHER, CLOCK))
        .otherwise(Reply.answer(Tools::sum));
  }

  private static String sum(LlmRequest request) {
    return request.toolResults().stream()
        .map(result -> result.tool() + " says " + result.content())
        .collect(Collectors.joining(", "));
  }
}
