package io.deriver.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Chat completions as clients ask for them. */
final class OpenAiWire implements Wire {

  private static final String ROLE_OF_RESULTS = "tool";

  @Override
  public Dialect dialect() {
    return Dialect.OPENAI;
  }

  @Override
  public boolean serves(HttpCall call) {
    return call.path().endsWith("/chat/completions");
  }

  @Override
  public Speech speech() {
    return new OpenAiSpeech();
  }

  @Override
  public Asked read(HttpCall call, JsonNode body) {
    List<LlmMessage> messages = new ArrayList<>();
    Map<String, String> toolsById = new HashMap<>();
    for (JsonNode message : Json.filledArray(body, "messages")) {
      messages.add(message(message, toolsById));
    }
    List<String> tools = new ArrayList<>();
    body.path("tools").forEach(tool -> tools.add(tool.at("/function/name").asText()));
    return new Asked(
        Json.requiredText(body, "model"), body.path("stream").asBoolean(false), messages, tools);
  }

  private static LlmMessage message(JsonNode message, Map<String, String> toolsById) {
    String role = Json.requiredText(message, "role");
    String text = Json.text(message.path("content"));
    if (role.equals(ROLE_OF_RESULTS)) {
      String id = Json.requiredText(message, "tool_call_id");
      ToolResult result = new ToolResult(toolsById.getOrDefault(id, id), text);
      return new LlmMessage(role, "", List.of(), List.of(result));
    }
    List<ToolCall> calls = new ArrayList<>();
    for (JsonNode call : message.path("tool_calls")) {
      String name = call.at("/function/name").asText();
      toolsById.put(call.path("id").asText(), name);
      calls.add(new ToolCall(name, call.at("/function/arguments").asText()));
    }
    return new LlmMessage(
        role.equals("developer") ? LlmMessage.SYSTEM : role, text, calls, List.of());
  }
}
