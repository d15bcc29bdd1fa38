package io.deriver.recipes;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.deriver.RunContext;
import java.time.Duration;

/** openai-java: a transport of one's own, whose calls can be cancelled. Thread-safe. */
@SuppressWarnings("try") // registrations and scopes are there to be closed
public final class OpenAiCalls {

  private final OpenAIClient client;

  // docs:start openai-client
  /**
   * Calls that let go.
   *
   * @param patience for a whole call, by OkHttp's clock
   */
  public OpenAiCalls(String baseUrl, String apiKey, Duration patience) {
    client =
        new OpenAIClientImpl(
            ClientOptions.builder()
                .httpClient(new OpenAiTransport())
                .baseUrl(baseUrl)
                .apiKey(apiKey)
                .timeout(patience)
                .build());
  }

  // docs:end

  // docs:start openai
  /** The text of a streamed answer. */
  public String stream(String prompt, RunContext run) {
    StringBuilder text = new StringBuilder();
    try (RunScope scope = RunScope.of(run);
        StreamResponse<ChatCompletionChunk> answer =
            client.chat().completions().createStreaming(params(prompt))) {
      answer.stream()
          .flatMap(chunk -> chunk.choices().stream())
          .flatMap(choice -> choice.delta().content().stream())
          .filter(more -> !more.isEmpty())
          .forEach(
              more -> {
                run.progress();
                text.append(more);
              });
    }
    return text.toString();
  }

  // docs:end

  /** The text of a plain answer. */
  public String whole(String prompt, RunContext run) {
    try (RunScope scope = RunScope.of(run)) {
      return client
          .chat()
          .completions()
          .create(params(prompt))
          .choices()
          .get(0)
          .message()
          .content()
          .orElse("");
    }
  }

  private static ChatCompletionCreateParams params(String prompt) {
    return ChatCompletionCreateParams.builder().model("gpt-5").addUserMessage(prompt).build();
  }
}
