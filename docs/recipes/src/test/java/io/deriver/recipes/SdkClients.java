package io.deriver.recipes;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.google.genai.ResponseStream;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.client.okhttp.OpenAIOkHttpClientAsync;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.deriver.recipes.Client.Usual;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** The providers' own SDKs at their defaults, and their recipes. */
final class SdkClients {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String KEY = "any";
  private static final String CLIENT_CLOSE = "`Client.close()`";
  private static final String TIMEOUT = "`timeout`";
  private static final String GEN_AI_STREAM = "google-genai 2.0.0, streaming";
  private static final String GEN_AI = "google-genai 2.0.0, plain";
  private static final String OPEN_AI_STREAM = "openai-java 4.0.0, streaming";
  private static final String OPEN_AI = "openai-java 4.0.0, plain";
  private static final String OPEN_AI_ASYNC = "openai-java 4.0.0, async streaming";
  private static final String ANTHROPIC_STREAM = "anthropic-java 2.0.0, streaming";
  private static final String ANTHROPIC = "anthropic-java 2.0.0, plain";

  private final String url;

  SdkClients(String url) {
    this.url = url;
  }

  List<Client> all() {
    Lazily<GoogleGenAiCalls> genAi = new Lazily<>(() -> new GoogleGenAiCalls(url, KEY, PATIENCE));
    Lazily<OpenAiCalls> openAi = new Lazily<>(() -> new OpenAiCalls(url + "/v1", KEY, PATIENCE));
    Lazily<AnthropicCalls> anthropic = new Lazily<>(() -> new AnthropicCalls(url, KEY, PATIENCE));
    return List.of(
        new Client(
            GEN_AI_STREAM,
            List.of("`ResponseStream.close()`", CLIENT_CLOSE),
            genAi(SdkClients::stream, b -> {}),
            (id, run) -> genAi.get().stream(id, run)),
        new Client(
            GEN_AI,
            List.of(CLIENT_CLOSE),
            genAi(SdkClients::whole, b -> {}),
            (id, run) -> genAi.get().whole(id, run)),
        new Client(
            OPEN_AI_STREAM,
            List.of("`StreamResponse.close()`", CLIENT_CLOSE),
            openAi(SdkClients::stream, b -> {}),
            (id, run) -> openAi.get().stream(id, run)),
        new Client(
            OPEN_AI,
            List.of(CLIENT_CLOSE),
            openAi(SdkClients::whole, b -> {}),
            (id, run) -> openAi.get().whole(id, run)),
        new Client(
            OPEN_AI_ASYNC,
            List.of("`AsyncStreamResponse.close()`"),
            openAiAsync(b -> {}),
            (id, run) -> openAi.get().stream(id, run)),
        new Client(
            ANTHROPIC_STREAM,
            List.of("`StreamResponse.close()`", CLIENT_CLOSE),
            anthropic(SdkClients::stream, b -> {}),
            (id, run) -> anthropic.get().stream(id, run)),
        new Client(
            ANTHROPIC,
            List.of(CLIENT_CLOSE),
            anthropic(SdkClients::whole, b -> {}),
            (id, run) -> anthropic.get().whole(id, run)));
  }

  /** Each with its own timeout. */
  List<Limit> limits(Duration limit) {
    int millis = (int) limit.toMillis();
    Consumer<HttpOptions.Builder> genAi = options -> options.timeout(millis);
    return List.of(
        new Limit(GEN_AI_STREAM, "`HttpOptions.timeout`", genAi(SdkClients::stream, genAi)),
        new Limit(GEN_AI, "`HttpOptions.timeout`", genAi(SdkClients::whole, genAi)),
        new Limit(OPEN_AI_STREAM, TIMEOUT, openAi(SdkClients::stream, b -> b.timeout(limit))),
        new Limit(OPEN_AI, TIMEOUT, openAi(SdkClients::whole, b -> b.timeout(limit))),
        new Limit(OPEN_AI_ASYNC, TIMEOUT, openAiAsync(b -> b.timeout(limit))),
        new Limit(ANTHROPIC_STREAM, TIMEOUT, anthropic(SdkClients::stream, b -> b.timeout(limit))),
        new Limit(ANTHROPIC, TIMEOUT, anthropic(SdkClients::whole, b -> b.timeout(limit))));
  }

  /** A call of an SDK's client. */
  @FunctionalInterface
  private interface SdkCall<C> {
    void make(C client, String id, Handles handles) throws Exception;
  }

  private Usual genAi(
      SdkCall<com.google.genai.Client> call, Consumer<HttpOptions.Builder> settings) {
    return handles -> {
      HttpOptions.Builder options = HttpOptions.builder().baseUrl(url);
      settings.accept(options);
      com.google.genai.Client client =
          com.google.genai.Client.builder().apiKey(KEY).httpOptions(options.build()).build();
      return (id, ofCall) -> call.make(ofCall.offer(CLIENT_CLOSE, client), id, ofCall);
    };
  }

  private static void stream(com.google.genai.Client client, String id, Handles handles) {
    try (ResponseStream<GenerateContentResponse> stream =
        client.models.generateContentStream("gemini-2.5-flash", id, null)) {
      handles.offer("`ResponseStream.close()`", stream);
      stream.forEach(Objects::requireNonNull);
    }
  }

  private static void whole(com.google.genai.Client client, String id, Handles handles) {
    client.models.generateContent("gemini-2.5-flash", id, null);
  }

  private Usual openAi(SdkCall<OpenAIClient> call, Consumer<OpenAIOkHttpClient.Builder> settings) {
    return handles -> {
      var builder = OpenAIOkHttpClient.builder().apiKey(KEY).baseUrl(url + "/v1");
      settings.accept(builder);
      OpenAIClient client = builder.build();
      return (id, ofCall) -> {
        ofCall.offer(CLIENT_CLOSE, client::close);
        call.make(client, id, ofCall);
      };
    };
  }

  private static void stream(OpenAIClient client, String id, Handles handles) {
    try (var stream = client.chat().completions().createStreaming(openAiParams(id))) {
      handles.offer("`StreamResponse.close()`", stream);
      stream.stream().forEach(Objects::requireNonNull);
    }
  }

  private static void whole(OpenAIClient client, String id, Handles handles) {
    client.chat().completions().create(openAiParams(id));
  }

  private Usual openAiAsync(Consumer<OpenAIOkHttpClientAsync.Builder> settings) {
    return handles -> {
      var builder = OpenAIOkHttpClientAsync.builder().apiKey(KEY).baseUrl(url + "/v1");
      settings.accept(builder);
      OpenAIClientAsync client = builder.build();
      return (id, ofCall) -> stream(client, id, ofCall);
    };
  }

  private static void stream(OpenAIClientAsync client, String id, Handles handles)
      throws Exception {
    AsyncStreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(openAiParams(id));
    handles.offer("`AsyncStreamResponse.close()`", stream::close);
    stream.subscribe(Objects::requireNonNull).onCompleteFuture().get();
  }

  private Usual anthropic(
      SdkCall<AnthropicClient> call, Consumer<AnthropicOkHttpClient.Builder> settings) {
    return handles -> {
      var builder = AnthropicOkHttpClient.builder().apiKey(KEY).baseUrl(url);
      settings.accept(builder);
      AnthropicClient client = builder.build();
      return (id, ofCall) -> {
        ofCall.offer(CLIENT_CLOSE, client::close);
        call.make(client, id, ofCall);
      };
    };
  }

  private static void stream(AnthropicClient client, String id, Handles handles) {
    try (var stream = client.messages().createStreaming(anthropicParams(id))) {
      handles.offer("`StreamResponse.close()`", stream);
      stream.stream().forEach(Objects::requireNonNull);
    }
  }

  private static void whole(AnthropicClient client, String id, Handles handles) {
    client.messages().create(anthropicParams(id));
  }

  private static ChatCompletionCreateParams openAiParams(String prompt) {
    return ChatCompletionCreateParams.builder().model("gpt-5").addUserMessage(prompt).build();
  }

  private static MessageCreateParams anthropicParams(String prompt) {
    return MessageCreateParams.builder()
        .model("claude-sonnet-4-5")
        .maxTokens(100)
        .addUserMessage(prompt)
        .build();
  }
}
