package io.deriver.recipes;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpClientBuilderLoader;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** LangChain4j's models on its default HTTP client, and the recipe. */
final class LangChainClients {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String KEY = "any";
  private static final String CANCEL = "`StreamingHandle.cancel()`";

  private final String url;

  LangChainClients(String url) {
    this.url = url;
  }

  List<Client> all() {
    OpenAiChatModel model = openAiPlain(CancellableHttpClient.builder());
    return List.of(
        streaming("OpenAI", openAi(usual()), openAi(CancellableHttpClient.builder())),
        streaming("Anthropic", anthropic(usual()), anthropic(CancellableHttpClient.builder())),
        streaming("Gemini", gemini(usual()), gemini(CancellableHttpClient.builder())),
        new Client(
            "LangChain4j 1.19.0, OpenAI, plain",
            List.of(),
            (id, handles) -> openAiPlain(usual()).chat(id),
            (id, run) -> LangChainCalls.whole(model, id, run)));
  }

  private static Client streaming(
      String provider, StreamingChatModel usual, StreamingChatModel cancellable) {
    return new Client(
        "LangChain4j 1.19.0, " + provider + ", streaming",
        List.of(CANCEL),
        (id, handles) -> stream(usual, id, handles),
        (id, run) -> LangChainCalls.stream(cancellable, id, run));
  }

  private static void stream(StreamingChatModel model, String id, Handles handles)
      throws Exception {
    CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
    model.chat(
        id,
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
            handles.offer(CANCEL, context.streamingHandle()::cancel);
          }

          @Override
          public void onCompleteResponse(ChatResponse response) {
            answer.complete(response);
          }

          @Override
          public void onError(Throwable error) {
            answer.completeExceptionally(error);
          }
        });
    answer.get();
  }

  private static HttpClientBuilder usual() {
    return HttpClientBuilderLoader.loadHttpClientBuilder();
  }

  private OpenAiChatModel openAiPlain(HttpClientBuilder http) {
    return OpenAiChatModel.builder()
        .httpClientBuilder(http)
        .baseUrl(url + "/v1")
        .apiKey(KEY)
        .modelName("gpt-5")
        .timeout(PATIENCE)
        .build();
  }

  private StreamingChatModel openAi(HttpClientBuilder http) {
    return OpenAiStreamingChatModel.builder()
        .httpClientBuilder(http)
        .baseUrl(url + "/v1")
        .apiKey(KEY)
        .modelName("gpt-5")
        .timeout(PATIENCE)
        .build();
  }

  private StreamingChatModel anthropic(HttpClientBuilder http) {
    return AnthropicStreamingChatModel.builder()
        .httpClientBuilder(http)
        .baseUrl(url + "/v1")
        .apiKey(KEY)
        .modelName("claude-sonnet-4-5")
        .maxTokens(100)
        .timeout(PATIENCE)
        .build();
  }

  private StreamingChatModel gemini(HttpClientBuilder http) {
    return GoogleAiGeminiStreamingChatModel.builder()
        .httpClientBuilder(http)
        .baseUrl(url + "/v1beta")
        .apiKey(KEY)
        .modelName("gemini-2.5-flash")
        .timeout(PATIENCE)
        .build();
  }
}
