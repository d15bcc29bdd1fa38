package io.deriver.recipes;

import com.anthropic.backends.AnthropicBackend;
import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientImpl;
import com.anthropic.core.ClientOptions;
import com.anthropic.core.Timeout;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import io.deriver.RunContext;
import java.time.Duration;
import java.util.stream.Collectors;

/** anthropic-java: a transport of one's own, whose calls can be cancelled. Thread-safe. */
@SuppressWarnings("try") // registrations and scopes are there to be closed
public final class AnthropicCalls {

  private static final int MAX_TOKENS = 1_000;

  private final AnthropicClient client;

  // docs:start anthropic-client
  /**
   * Calls that let go.
   *
   * @param patience for a whole call, by OkHttp's clock
   */
  public AnthropicCalls(String baseUrl, String apiKey, Duration patience) {
    AnthropicBackend backend = AnthropicBackend.builder().baseUrl(baseUrl).apiKey(apiKey).build();
    client =
        new AnthropicClientImpl(
            ClientOptions.builder()
                .httpClient(new AnthropicTransport(backend))
                .timeout(Timeout.builder().request(patience).build())
                .build());
  }

  // docs:end

  // docs:start anthropic
  /** The text of a streamed answer. */
  public String stream(String prompt, RunContext run) {
    StringBuilder text = new StringBuilder();
    try (RunScope scope = RunScope.of(run);
        StreamResponse<RawMessageStreamEvent> answer =
            client.messages().createStreaming(params(prompt))) {
      answer.stream()
          .flatMap(event -> event.contentBlockDelta().stream())
          .flatMap(event -> event.delta().text().stream())
          .forEach(
              more -> {
                run.progress();
                text.append(more.text());
              });
    }
    return text.toString();
  }

  // docs:end

  /** The text of a plain answer. */
  public String whole(String prompt, RunContext run) {
    try (RunScope scope = RunScope.of(run)) {
      return client.messages().create(params(prompt)).content().stream()
          .flatMap(block -> block.text().stream())
          .map(block -> block.text())
          .collect(Collectors.joining());
    }
  }

  private static MessageCreateParams params(String prompt) {
    return MessageCreateParams.builder()
        .model("claude-sonnet-4-5")
        .maxTokens(MAX_TOKENS)
        .addUserMessage(prompt)
        .build();
  }
}
