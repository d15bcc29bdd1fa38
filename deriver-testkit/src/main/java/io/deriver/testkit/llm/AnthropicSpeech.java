package io.deriver.testkit.llm;

import java.util.ArrayList;
import java.util.List;

/** Messages as Anthropic answers: named events, and {@code message_stop} at the end. */
final class AnthropicSpeech implements Speech {

  @Override
  public String plain(LlmRequest request, Completion answer) {
    List<String> blocks = new ArrayList<>();
    if (answer.hasText()) {
      blocks.add(textBlock(answer.text()));
    }
    for (int i = 0; i < answer.calls().size(); i++) {
      blocks.add(toolBlock(request, answer, i, answer.calls().get(i).arguments()));
    }
    return message(
        request, String.join(",", blocks), "\"" + stopReason(answer) + "\"", answer.tokens());
  }

  @Override
  public String opening(LlmRequest request, Completion answer) {
    String start =
        event(
            "message_start",
            "{\"type\":\"message_start\",\"message\":%s}"
                .formatted(message(request, "", "null", 1)));
    return start + (answer.hasText() ? blockStart(0, textBlock("")) : "") + keepAlive();
  }

  @Override
  public List<String> pieces(LlmRequest request, Completion answer) {
    List<String> pieces = new ArrayList<>();
    answer.words().forEach(word -> pieces.add(delta(request, word)));
    for (int i = 0; i < answer.calls().size(); i++) {
      int block = firstTool(answer) + i;
      pieces.add(
          (block == 0 ? "" : blockStop(block - 1))
              + blockStart(block, toolBlock(request, answer, i, "{}"))
              + inputDelta(block, ""));
      for (String fragment : answer.calls().get(i).fragments()) {
        pieces.add(inputDelta(block, fragment));
      }
    }
    return pieces;
  }

  @Override
  public String delta(LlmRequest request, String piece) {
    return blockDelta(0, "{\"type\":\"text_delta\",\"text\":" + Json.quote(piece) + "}");
  }

  @Override
  public String ending(LlmRequest request, Completion answer) {
    return blockStop(firstTool(answer) + answer.calls().size() - 1)
        + event(
            "message_delta",
            ("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"%s\","
                    + "\"stop_sequence\":null},\"usage\":{\"output_tokens\":%d}}")
                .formatted(stopReason(answer), answer.tokens()))
        + event("message_stop", "{\"type\":\"message_stop\"}");
  }

  @Override
  public String keepAlive() {
    return event("ping", "{\"type\":\"ping\"}");
  }

  @Override
  public String error(Reply.Failure failure, long number) {
    String type = failure.code() == null ? typeOf(failure.status()) : failure.code();
    return "{\"type\":\"error\",\"error\":{\"type\":%s,\"message\":%s},\"request_id\":\"req_%d\"}"
        .formatted(Json.quote(type), Json.quote(failure.message()), number);
  }

  @Override
  public String errorInStream(Reply.Failure failure, long number) {
    return event("error", error(failure, number));
  }

  @Override
  public Reply.Failure overloaded() {
    return new Reply.Failure(529, null, "Overloaded", null);
  }

  @Override
  public Reply.Failure outOfQuota() {
    return new Reply.Failure(
        400, null, "Your credit balance is too low to access the Anthropic API.", null);
  }

  @Override
  public String requestIdHeader() {
    return "request-id";
  }

  private static String typeOf(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 504 -> "timeout_error";
      case 529 -> "overloaded_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  private static String stopReason(Completion answer) {
    return answer.callsTools() ? "tool_use" : "end_turn";
  }

  /** The index of the first block that is a tool's. */
  private static int firstTool(Completion answer) {
    return answer.hasText() ? 1 : 0;
  }

  private static String textBlock(String text) {
    return "{\"type\":\"text\",\"text\":" + Json.quote(text) + "}";
  }

  private static String toolBlock(LlmRequest request, Completion answer, int index, String input) {
    return "{\"type\":\"tool_use\",\"id\":\"toolu_%d_%d\",\"name\":%s,\"input\":%s}"
        .formatted(request.number(), index, Json.quote(answer.calls().get(index).name()), input);
  }

  private static String blockStart(int block, String content) {
    return event(
        "content_block_start",
        "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":%s}"
            .formatted(block, content));
  }

  private static String blockDelta(int block, String delta) {
    return event(
        "content_block_delta",
        "{\"type\":\"content_block_delta\",\"index\":%d,\"delta\":%s}".formatted(block, delta));
  }

  private static String inputDelta(int block, String fragment) {
    return blockDelta(
        block, "{\"type\":\"input_json_delta\",\"partial_json\":" + Json.quote(fragment) + "}");
  }

  private static String blockStop(int block) {
    return event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":" + block + "}");
  }

  private static String message(
      LlmRequest request, String content, String stopReason, int outputTokens) {
    return ("{\"id\":\"msg_%d\",\"type\":\"message\",\"role\":\"assistant\",\"model\":%s,"
            + "\"content\":[%s],\"stop_reason\":%s,\"stop_sequence\":null,"
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
