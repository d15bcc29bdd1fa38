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
import io.deriver.recipes.Client.Usual;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** LangChain4j's models on its default HTTP client, and the recipe. */
final class LangChainClients {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String KEY = "any";
  private static final String CANCEL = "`StreamingHandle.cancel()`";

  private static final String TIMEOUT = "`timeout`";
  private static final String PLAIN = "LangChain4j 1.19.0, OpenAI, plain";

  private final String url;

  LangChainClients(String url) {
    this.url = url;
  }

  List<Client> all() {
    List<Client> clients = new ArrayList<>();
    streaming(PATIENCE)
        .forEach(
            (name, models) -> {
              Lazily<StreamingChatModel> model =
                  new Lazily<>(() -> models.apply(CancellableHttpClient.builder()));
              clients.add(
                  new Client(
                      name,
                      List.of(CANCEL),
                      streaming(models),
                      (id, run) -> LangChainCalls.stream(model.get(), id, run)));
            });
    Lazily<OpenAiChatModel> model =
        new Lazily<>(() -> openAiPlain(CancellableHttpClient.builder(), PATIENCE));
    clients.add(
        new Client(
            PLAIN,
            List.of(),
            plain(PATIENCE),
            (id, run) -> LangChainCalls.whole(model.get(), id, run)));
    return clients;
  }

  /** Each with its own timeout. */
  List<Limit> limits(Duration limit) {
    List<Limit> limits = new ArrayList<>();
    streaming(limit)
        .forEach((name, models) -> limits.add(new Limit(name, TIMEOUT, streaming(models))));
    limits.add(new Limit(PLAIN, TIMEOUT, plain(limit)));
    return limits;
  }

  private Map<String, Function<HttpClientBuilder, StreamingChatModel>> streaming(Duration timeout) {
    Map<String, Function<HttpClientBuilder, StreamingChatModel>> models = new LinkedHashMap<>();
    models.put("LangChain4j 1.19.0, OpenAI, streaming", http -> openAi(http, timeout));
    models.put("LangChain4j 1.19.0, Anthropic, streaming", http -> anthropic(http, timeout));
    models.put("LangChain4j 1.19.0, Gemini, streaming", http -> gemini(http, timeout));
    return models;
  }

  private static Usual streaming(Function<HttpClientBuilder, StreamingChatModel> models) {
    return unused -> {
      StreamingChatModel model = models.apply(HttpClientBuilderLoader.loadHttpClientBuilder());
      return (id, handles) -> stream(model, id, handles);
    };
  }

  private Usual plain(Duration timeout) {
    return unused -> {
      OpenAiChatModel model = openAiPlain(HttpClientBuilderLoader.loadHttpClientBuilder(), timeout);
      return (id, handles) -> model.chat(id);
    };
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

  private OpenAiChatModel openAiPlain(HttpClientBuilder http, Duration timeout) {
    return OpenAiChatModel.builder()
        .httpClientBuilder(http)
        .baseUrl(url + "/v1")
        .apiKey(KEY)
        .modelName("gpt-5")
        .timeout(timeout)
        .build();
  }

  private StreamingChatModel openAi(HttpClientBuilder http, Duration timeout) {
    return OpenAiStreamingChatModel.builder()
        .httpClientBuilder(http)
        .baseUrl(url + "/v1")
        .apiKey(KEY)
        .modelName("gpt-5")
        .timeout(timeout)
        .build();
  }

  private StreamingChatModel anthropic(HttpClientBuilder http, Duration timeout) {
    return AnthropicStreamingChatModel.builder()
        .httpClientBuilder(http)
        .baseUrl(url + "/v1")
        .apiKey(KEY)
        .modelName("claude-sonnet-4-5")
        .maxTokens(100)
        .timeout(timeout)
        .build();
  }

  private StreamingChatModel gemini(HttpClientBuilder http, Duration timeout) {
    return GoogleAiGeminiStreamingChatModel.builder()
        .httpClientBuilder(http)
        .baseUrl(url + "/v1beta")
        .apiKey(KEY)
        .modelName("gemini-2.5-flash")
        .timeout(timeout)
        .build();
  }
}
