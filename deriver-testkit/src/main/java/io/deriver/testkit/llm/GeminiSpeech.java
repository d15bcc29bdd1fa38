package io.deriver.testkit.llm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** As Gemini answers: unnamed events, each a whole response; the last has a finishReason. */
final class GeminiSpeech implements Speech {

  private static final String STOP = ",\"finishReason\":\"STOP\"";

  @Override
  public String plain(LlmRequest request, Completion answer) {
    List<String> parts = new ArrayList<>();
    if (answer.hasText()) {
      parts.add(text(answer.text()));
    }
    answer.calls().forEach(call -> parts.add(functionCall(call)));
    return response(request, String.join(",", parts), answer.tokens(), STOP);
  }

  @Override
  public String opening(LlmRequest request, Completion answer) {
    return "";
  }

  /** Calls are not cut: each comes whole, as a part of its own. */
  @Override
  public List<String> pieces(LlmRequest request, Completion answer) {
    List<String> pieces = new ArrayList<>();
    answer.words().forEach(word -> pieces.add(delta(request, word)));
    for (ToolCall call : answer.calls()) {
      pieces.add(event(response(request, functionCall(call), Json.tokens(call.arguments()), "")));
    }
    return pieces;
  }

  @Override
  public String delta(LlmRequest request, String piece) {
    return event(response(request, text(piece), Json.tokens(piece), ""));
  }

  @Override
  public String ending(LlmRequest request, Completion answer) {
    return event(response(request, text(""), answer.tokens(), STOP));
  }

  @Override
  public String keepAlive() {
    return ": keepalive\r\n\r\n";
  }

  @Override
  public String error(Reply.Failure failure, long number) {
    String status = failure.code() == null ? statusOf(failure.status()) : failure.code();
    return "{\"error\":{\"code\":%d,\"message\":%s,\"status\":%s%s}}"
        .formatted(
            failure.status(),
            Json.quote(failure.message()),
            Json.quote(status),
            failure.retryAfter() == null ? "" : retryInfo(failure.retryAfter()));
  }

  /** Not an event: Gemini sends the bare object (vercel/ai#5217), which clients may overlook. */
  @Override
  public String errorInStream(Reply.Failure failure, long number) {
    return error(failure, number) + "\r\n";
  }

  @Override
  public Reply.Failure overloaded() {
    return new Reply.Failure(503, null, "The model is overloaded. Please try again later.", null);
  }

  @Override
  public Reply.Failure outOfQuota() {
    return new Reply.Failure(
        429,
        null,
        "You exceeded your current quota, please check your plan and billing details.",
        null);
  }

  @Override
  public @Nullable String requestIdHeader() {
    return null;
  }

  private static String statusOf(int status) {
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

  private static String retryInfo(Duration delay) {
    String seconds = delay.toMillis() % 1000 == 0 ? "" : ".%03d".formatted(delay.toMillisPart());
    return (",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\","
            + "\"retryDelay\":\"%d%ss\"}]")
        .formatted(delay.toSeconds(), seconds);
  }

  private static String text(String text) {
    return "{\"text\":" + Json.quote(text) + "}";
  }

  private static String functionCall(ToolCall call) {
    return "{\"functionCall\":{\"name\":%s,\"args\":%s}}"
        .formatted(Json.quote(call.name()), call.arguments());
  }

  private static String response(LlmRequest request, String parts, int out, String finishReason) {
    int in = Json.tokens(request.prompt());
    return ("{\"candidates\":[{\"content\":{\"parts\":[%s],\"role\":\"model\"}%s,"
            + "\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":%d,"
            + "\"candidatesTokenCount\":%d,\"totalTokenCount\":%d},\"modelVersion\":%s,"
            + "\"responseId\":\"response-%d\"}")
        .formatted(
            parts, finishReason, in, out, in + out, Json.quote(request.model()), request.number());
  }

  private static String event(String data) {
    return "data: " + data + "\r\n\r\n";
  }
}
