package io.deriver.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gemini: unnamed events, each a whole response; the last one has a {@code finishReason}. */
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
    if (body.hasNonNull("systemInstruction")) {
      messages.add(
          new LlmMessage(LlmMessage.SYSTEM, Json.text(body.at("/systemInstruction/parts"))));
    }
    for (JsonNode content : Json.filledArray(body, "contents")) {
      messages.add(
          new LlmMessage(content.path("role").asText("user"), Json.text(content.path("parts"))));
    }
    return new Asked(path.group(1), streaming, messages);
  }

  @Override
  public String plain(LlmRequest request, String text) {
    return response(request, text, text, ",\"finishReason\":\"STOP\"");
  }

  @Override
  public String opening(LlmRequest request) {
    return "";
  }

  @Override
  public String delta(LlmRequest request, String piece) {
    return event(response(request, piece, piece, ""));
  }

  @Override
  public String ending(LlmRequest request, String text) {
    return event(response(request, "", text, ",\"finishReason\":\"STOP\""));
  }

  @Override
  public String keepAlive() {
    return ": keepalive\r\n\r\n";
  }

  @Override
  public String error(int status, String message) {
    return "{\"error\":{\"code\":%d,\"message\":%s,\"status\":\"%s\"}}"
        .formatted(status, Json.quote(message), errorStatus(status));
  }

  private static String errorStatus(int status) {
    return switch (status) {
      case 401 -> "UNAUTHENTICATED";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 429 -> "RESOURCE_EXHAUSTED";
      case 503 -> "UNAVAILABLE";
      case 504 -> "DEADLINE_EXCEEDED";
      default -> status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
    };
  }

  private static String response(
      LlmRequest request, String part, String counted, String finishReason) {
    int in = Json.tokens(request.prompt());
    int out = Json.tokens(counted);
    return ("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":%s}],\"role\":\"model\"}%s,"
            + "\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":%d,"
            + "\"candidatesTokenCount\":%d,\"totalTokenCount\":%d},\"modelVersion\":%s,"
            + "\"responseId\":\"response-%d\"}")
        .formatted(
            Json.quote(part),
            finishReason,
            in,
            out,
            in + out,
            Json.quote(request.model()),
            request.number());
  }

  private static String event(String data) {
    return "data: " + data + "\r\n\r\n";
  }
}
