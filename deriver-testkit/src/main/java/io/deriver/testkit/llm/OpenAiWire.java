package io.deriver.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Chat completions: unnamed events, and {@code [DONE]} at the end. */
final class OpenAiWire implements Wire {

  @Override
  public Dialect dialect() {
    return Dialect.OPENAI;
  }

  @Override
  public boolean serves(HttpCall call) {
    return call.path().endsWith("/chat/completions");
  }

  @Override
  public Asked read(HttpCall call, JsonNode body) {
    List<LlmMessage> messages = new ArrayList<>();
    for (JsonNode message : Json.filledArray(body, "messages")) {
      String role = Json.requiredText(message, "role");
      messages.add(
          new LlmMessage(
              role.equals("developer") ? LlmMessage.SYSTEM : role,
              Json.text(message.path("content"))));
    }
    return new Asked(
        Json.requiredText(body, "model"), body.path("stream").asBoolean(false), messages);
  }

  @Override
  public String plain(LlmRequest request, String text) {
    int in = Json.tokens(request.prompt());
    int out = Json.tokens(text);
    return ("{\"id\":\"chatcmpl-%d\",\"object\":\"chat.completion\",\"created\":%d,\"model\":%s,"
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":%s,"
            + "\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}}")
        .formatted(
            request.number(),
            request.at().getEpochSecond(),
            Json.quote(request.model()),
            Json.quote(text),
            in,
            out,
            in + out);
  }

  @Override
  public String opening(LlmRequest request) {
    return chunk(request, "{\"role\":\"assistant\",\"content\":\"\"}", "null");
  }

  @Override
  public String delta(LlmRequest request, String piece) {
    return chunk(request, "{\"content\":" + Json.quote(piece) + "}", "null");
  }

  @Override
  public String ending(LlmRequest request, String text) {
    return chunk(request, "{}", "\"stop\"") + "data: [DONE]\n\n";
  }

  @Override
  public String keepAlive() {
    return ": keepalive\n\n";
  }

  @Override
  public String error(int status, String message) {
    String type =
        status == 429
            ? "rate_limit_error"
            : status < 500 ? "invalid_request_error" : "server_error";
    return "{\"error\":{\"message\":%s,\"type\":\"%s\",\"param\":null,\"code\":null}}"
        .formatted(Json.quote(message), type);
  }

  private static String chunk(LlmRequest request, String delta, String finishReason) {
    return ("data: {\"id\":\"chatcmpl-%d\",\"object\":\"chat.completion.chunk\",\"created\":%d,"
            + "\"model\":%s,\"choices\":[{\"index\":0,\"delta\":%s,\"logprobs\":null,"
            + "\"finish_reason\":%s}]}\n\n")
        .formatted(
            request.number(),
            request.at().getEpochSecond(),
            Json.quote(request.model()),
            delta,
            finishReason);
  }
}
