package io.deriver.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Contents as clients ask Gemini to generate them. */
final class GeminiWire implements Wire {

  private static final Pattern PATH =
      Pattern.compile(".*/models/([^/:]+):(generateContent|streamGenerateContent)");

  @Override
  public Dialect dialect() {
    return Dialect.GEMINI;
  }

  @Override
  public boolean serves(HttpCall call) {
    return PATH.matcher(call.path()).matches();
  }

  @Override
  public Speech speech() {
    return new GeminiSpeech();
  }

  @Override
  public Asked read(HttpCall call, JsonNode body) {
    Matcher path = PATH.matcher(call.path());
    if (!path.matches()) {
      throw new BadCallException(404, "no model in " + call.path());
    }
    boolean streaming = path.group(2).equals("streamGenerateContent");
    if (streaming && !List.of(call.query().split("&")).contains("alt=sse")) {
      throw new BadCallException(400, "this fake streams server-sent events only: add alt=sse");
    }
    List<LlmMessage> messages = new ArrayList<>();
    JsonNode system = Json.either(body, "systemInstruction", "system_instruction");
    if (system.isObject()) {
      messages.add(new LlmMessage(LlmMessage.SYSTEM, Json.text(system.path("parts"))));
    }
    for (JsonNode content : Json.filledArray(body, "contents")) {
      messages.add(message(content));
    }
    return new Asked(path.group(1), streaming, messages, tools(body));
  }

  private static List<String> tools(JsonNode body) {
    List<String> names = new ArrayList<>();
    for (JsonNode tool : body.path("tools")) {
      Json.either(tool, "functionDeclarations", "function_declarations")
          .forEach(function -> names.add(function.path("name").asText()));
    }
    return names;
  }

  private static LlmMessage message(JsonNode content) {
    List<ToolCall> calls = new ArrayList<>();
    List<ToolResult> results = new ArrayList<>();
    for (JsonNode part : content.path("parts")) {
      JsonNode call = Json.either(part, "functionCall", "function_call");
      if (call.isObject()) {
        calls.add(new ToolCall(call.path("name").asText(), call.path("args").toString()));
      }
      JsonNode result = Json.either(part, "functionResponse", "function_response");
      if (result.isObject()) {
        results.add(
            new ToolResult(result.path("name").asText(), result.path("response").toString()));
      }
    }
    return new LlmMessage(
        content.path("role").asText("user"), Json.text(content.path("parts")), calls, results);
  }
}
