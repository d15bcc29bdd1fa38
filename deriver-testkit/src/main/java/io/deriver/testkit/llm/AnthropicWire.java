package io.deriver.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Messages as clients ask Anthropic for them. */
final class AnthropicWire implements Wire {

  @Override
  public Dialect dialect() {
    return Dialect.ANTHROPIC;
  }

  @Override
  public boolean serves(HttpCall call) {
    return call.path().endsWith("/messages");
  }

  @Override
  public Speech speech() {
    return new AnthropicSpeech();
  }

  @Override
  public Asked read(HttpCall call, JsonNode body) {
    if (!body.path("max_tokens").canConvertToInt()) {
      throw new BadCallException(400, "max_tokens: required");
    }
    List<LlmMessage> messages = new ArrayList<>();
    if (body.hasNonNull("system")) {
      messages.add(new LlmMessage(LlmMessage.SYSTEM, Json.text(body.path("system"))));
    }
    Map<String, String> toolsById = new HashMap<>();
    for (JsonNode message : Json.filledArray(body, "messages")) {
      messages.add(message(message, toolsById));
    }
    List<String> tools = new ArrayList<>();
    body.path("tools").forEach(tool -> tools.add(tool.path("name").asText()));
    return new Asked(
        Json.requiredText(body, "model"), body.path("stream").asBoolean(false), messages, tools);
  }

  private static LlmMessage message(JsonNode message, Map<String, String> toolsById) {
    List<ToolCall> calls = new ArrayList<>();
    List<ToolResult> results = new ArrayList<>();
    for (JsonNode block : message.path("content")) {
      switch (block.path("type").asText()) {
        case "tool_use" -> {
          String name = block.path("name").asText();
          toolsById.put(block.path("id").asText(), name);
          calls.add(new ToolCall(name, block.path("input").toString()));
        }
        case "tool_result" -> {
          String id = block.path("tool_use_id").asText();
          String text = Json.text(block.path("content"));
          results.add(new ToolResult(toolsById.getOrDefault(id, id), text));
        }
        default -> {
          // Json.text has what is text; the rest is not simulated.
        }
      }
    }
    return new LlmMessage(
        Json.requiredText(message, "role"), Json.text(message.path("content")), calls, results);
  }
}
