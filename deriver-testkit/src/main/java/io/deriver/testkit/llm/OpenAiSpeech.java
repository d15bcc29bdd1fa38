package io.deriver.testkit.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Chat completions as OpenAI answers: unnamed events, and {@code [DONE]} at the end. */
final class OpenAiSpeech implements Speech {

  private static final String OUT_OF_QUOTA = "insufficient_quota";

  @Override
  public String plain(LlmRequest request, Completion answer) {
    String calls =
        answer.callsTools()
            ? IntStream.range(0, answer.calls().size())
                .mapToObj(i -> "{" + call(request, answer, i, arguments(answer, i)) + "}")
                .collect(Collectors.joining(",", ",\"tool_calls\":[", "]"))
            : "";
    return ("{\"id\":\"chatcmpl-%d\",\"object\":\"chat.completion\",\"created\":%d,\"model\":%s,"
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":%s%s,"
            + "\"refusal\":null},\"logprobs\":null,\"finish_reason\":%s}],\"usage\":%s}")
        .formatted(
            request.number(),
            request.at().getEpochSecond(),
            Json.quote(request.model()),
            answer.hasText() ? Json.quote(answer.text()) : "null",
            calls,
            finishReason(answer),
            usage(request, answer));
  }

  @Override
  public String opening(LlmRequest request, Completion answer) {
    String content = answer.hasText() ? "\"\"" : "null";
    return choice(request, "{\"role\":\"assistant\",\"content\":" + content + "}", "null");
  }

  @Override
  public List<String> pieces(LlmRequest request, Completion answer) {
    List<String> pieces = new ArrayList<>();
    answer.words().forEach(word -> pieces.add(delta(request, word)));
    for (int i = 0; i < answer.calls().size(); i++) {
      pieces.add(toolDelta(request, i, call(request, answer, i, "\"\"")));
      for (String fragment : answer.calls().get(i).fragments()) {
        String arguments = "\"function\":{\"arguments\":" + Json.quote(fragment) + "}";
        pieces.add(toolDelta(request, i, arguments));
      }
    }
    return pieces;
  }

  @Override
  public String delta(LlmRequest request, String piece) {
    return choice(request, "{\"content\":" + Json.quote(piece) + "}", "null");
  }

  @Override
  public String ending(LlmRequest request, Completion answer) {
    String last = choice(request, "{}", finishReason(answer));
    boolean usage =
        Json.object(request.http().body()).at("/stream_options/include_usage").asBoolean(false);
    return last
        + (usage ? chunk(request, "[],\"usage\":" + usage(request, answer)) : "")
        + "data: [DONE]\n\n";
  }

  @Override
  public String keepAlive() {
    return ": keepalive\n\n";
  }

  @Override
  public String error(Reply.Failure failure, long number) {
    String code = failure.code() == null ? codeOf(failure.status()) : failure.code();
    return "{\"error\":{\"message\":%s,\"type\":\"%s\",\"param\":null,\"code\":%s}}"
        .formatted(
            Json.quote(failure.message()),
            OUT_OF_QUOTA.equals(code) ? OUT_OF_QUOTA : typeOf(failure.status()),
            code == null ? "null" : Json.quote(code));
  }

  @Override
  public String errorInStream(Reply.Failure failure, long number) {
    return "data: " + error(failure, number) + "\n\n";
  }

  @Override
  public Reply.Failure overloaded() {
    return new Reply.Failure(
        503, null, "The engine is currently overloaded, please try again later", null);
  }

  @Override
  public Reply.Failure outOfQuota() {
    return new Reply.Failure(
        429,
        OUT_OF_QUOTA,
        "You exceeded your current quota, please check your plan and billing details.",
        null);
  }

  @Override
  public String requestIdHeader() {
    return "x-request-id";
  }

  private static String typeOf(int status) {
    if (status == 429) {
      return "requests";
    }
    return status < 500 ? "invalid_request_error" : "server_error";
  }

  private static @Nullable String codeOf(int status) {
    return switch (status) {
      case 401 -> "invalid_api_key";
      case 429 -> "rate_limit_exceeded";
      default -> null;
    };
  }

  private static String finishReason(Completion answer) {
    return answer.callsTools() ? "\"tool_calls\"" : "\"stop\"";
  }

  private static String arguments(Completion answer, int index) {
    return Json.quote(answer.calls().get(index).arguments());
  }

  /** The members of a call that are told once. */
  private static String call(LlmRequest request, Completion answer, int index, String arguments) {
    return ("\"id\":\"call_%d_%d\",\"type\":\"function\","
            + "\"function\":{\"name\":%s,\"arguments\":%s}")
        .formatted(
            request.number(), index, Json.quote(answer.calls().get(index).name()), arguments);
  }

  private static String toolDelta(LlmRequest request, int index, String members) {
    return choice(
        request, "{\"tool_calls\":[{\"index\":%d,%s}]}".formatted(index, members), "null");
  }

  private static String usage(LlmRequest request, Completion answer) {
    int in = Json.tokens(request.prompt());
    int out = answer.tokens();
    return "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
        .formatted(in, out, in + out);
  }

  private static String choice(LlmRequest request, String delta, String finishReason) {
    return chunk(
        request,
        "[{\"index\":0,\"delta\":%s,\"logprobs\":null,\"finish_reason\":%s}]"
            .formatted(delta, finishReason));
  }

  private static String chunk(LlmRequest request, String choices) {
    return ("data: {\"id\":\"chatcmpl-%d\",\"object\":\"chat.completion.chunk\",\"created\":%d,"
            + "\"model\":%s,\"choices\":%s}\n\n")
        .formatted(
            request.number(), request.at().getEpochSecond(), Json.quote(request.model()), choices);
  }
}
