package io.deriver.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Messages: named events, and {@code message_stop} at the end. */
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
  public Asked read(HttpCall call, JsonNode body) {
    if (!body.path("max_tokens").canConvertToInt()) {
      throw new BadCallException(400, "max_tokens: required");
    }
    List<LlmMessage> messages = new ArrayList<>();
    if (body.hasNonNull("system")) {
      messages.add(new LlmMessage(LlmMessage.SYSTEM, Json.text(body.path("system"))));
    }
    for (JsonNode message : Json.filledArray(body, "messages")) {
      messages.add(
          new LlmMessage(Json.requiredText(message, "role"), Json.text(message.path("content"))));
    }
    return new Asked(
        Json.requiredText(body, "model"), body.path("stream").asBoolean(false), messages);
  }

  @Override
  public String plain(LlmRequest request, String text) {
    return message(
        request,
        "[{\"type\":\"text\",\"text\":" + Json.quote(text) + "}]",
        "\"end_turn\"",
        Json.tokens(text));
  }

  @Override
  public String opening(LlmRequest request) {
    return event(
            "message_start",
            "{\"type\":\"message_start\",\"message\":" + message(request, "[]", "null", 1) + "}")
        + event(
            "content_block_start",
            "{\"type\":\"content_block_start\",\"index\":0,"
                + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}")
        + keepAlive();
  }

  @Override
  public String delta(LlmRequest request, String piece) {
    return event(
        "content_block_delta",
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":%s}}"
            .formatted(Json.quote(piece)));
  }

  @Override
  public String ending(LlmRequest request, String text) {
    return event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}")
        + event(
            "message_delta",
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":%d}}"
                .formatted(Json.tokens(text)))
        + event("message_stop", "{\"type\":\"message_stop\"}");
  }

  @Override
  public String keepAlive() {
    return event("ping", "{\"type\":\"ping\"}");
  }

  @Override
  public String error(int status, String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":%s}}"
        .formatted(errorType(status), Json.quote(message));
  }

  private static String errorType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 529 -> "overloaded_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  private static String message(
      LlmRequest request, String content, String stopReason, int outputTokens) {
    return ("{\"id\":\"msg_%d\",\"type\":\"message\",\"role\":\"assistant\",\"model\":%s,"
            + "\"content\":%s,\"stop_reason\":%s,\"stop_sequence\":null,"
            + "\"usage\":{\"input_tokens\":%d,\"output_tokens\":%d}}")
        .formatted(
            request.number(),
            Json.quote(request.model()),
            content,
            stopReason,
            Json.tokens(request.prompt()),
            outputTokens);
  }

  private static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }
}
