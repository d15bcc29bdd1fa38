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
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The providers' own SDKs at their defaults, and their recipes. */
final class SdkClients {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String KEY = "any";
  private static final String CLIENT_CLOSE = "`Client.close()`";

  private final String url;

  SdkClients(String url) {
    this.url = url;
  }

  List<Client> all() {
    GoogleGenAiCalls genAi = new GoogleGenAiCalls(url, KEY, PATIENCE);
    OpenAiCalls openAi = new OpenAiCalls(url + "/v1", KEY, PATIENCE);
    AnthropicCalls anthropic = new AnthropicCalls(url, KEY, PATIENCE);
    return List.of(
        new Client(
            "google-genai 2.0.0, streaming",
            List.of("`ResponseStream.close()`", CLIENT_CLOSE),
            this::genAiStream,
            genAi::stream),
        new Client(
            "google-genai 2.0.0, plain", List.of(CLIENT_CLOSE), this::genAiPlain, genAi::whole),
        new Client(
            "openai-java 4.0.0, streaming",
            List.of("`StreamResponse.close()`", CLIENT_CLOSE),
            this::openAiStream,
            openAi::stream),
        new Client(
            "openai-java 4.0.0, plain", List.of(CLIENT_CLOSE), this::openAiPlain, openAi::whole),
        new Client(
            "openai-java 4.0.0, async streaming",
            List.of("`AsyncStreamResponse.close()`"),
            this::openAiAsync,
            openAi::stream),
        new Client(
            "anthropic-java 2.0.0, streaming",
            List.of("`StreamResponse.close()`", CLIENT_CLOSE),
            this::anthropicStream,
            anthropic::stream),
        new Client(
            "anthropic-java 2.0.0, plain",
            List.of(CLIENT_CLOSE),
            this::anthropicPlain,
            anthropic::whole));
  }

  private com.google.genai.Client genAi(Handles handles) {
    return handles.offer(
        CLIENT_CLOSE,
        com.google.genai.Client.builder()
            .apiKey(KEY)
            .httpOptions(HttpOptions.builder().baseUrl(url).build())
            .build());
  }

  private void genAiStream(String id, Handles handles) {
    try (ResponseStream<GenerateContentResponse> stream =
        genAi(handles).models.generateContentStream("gemini-2.5-flash", id, null)) {
      handles.offer("`ResponseStream.close()`", stream);
      stream.forEach(Objects::requireNonNull);
    }
  }

  private void genAiPlain(String id, Handles handles) {
    genAi(handles).models.generateContent("gemini-2.5-flash", id, null);
  }

  private OpenAIClient openAi(Handles handles) {
    OpenAIClient client = OpenAIOkHttpClient.builder().apiKey(KEY).baseUrl(url + "/v1").build();
    handles.offer(CLIENT_CLOSE, client::close);
    return client;
  }

  private void openAiStream(String id, Handles handles) {
    try (var stream = openAi(handles).chat().completions().createStreaming(openAiParams(id))) {
      handles.offer("`StreamResponse.close()`", stream);
      stream.stream().forEach(Objects::requireNonNull);
    }
  }

  private void openAiPlain(String id, Handles handles) {
    openAi(handles).chat().completions().create(openAiParams(id));
  }

  private void openAiAsync(String id, Handles handles) throws Exception {
    OpenAIClientAsync client =
        OpenAIOkHttpClientAsync.builder().apiKey(KEY).baseUrl(url + "/v1").build();
    AsyncStreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(openAiParams(id));
    handles.offer("`AsyncStreamResponse.close()`", stream::close);
    stream.subscribe(Objects::requireNonNull).onCompleteFuture().get();
  }

  private static ChatCompletionCreateParams openAiParams(String prompt) {
    return ChatCompletionCreateParams.builder().model("gpt-5").addUserMessage(prompt).build();
  }

  private AnthropicClient anthropic(Handles handles) {
    AnthropicClient client = AnthropicOkHttpClient.builder().apiKey(KEY).baseUrl(url).build();
    handles.offer(CLIENT_CLOSE, client::close);
    return client;
  }

  private void anthropicStream(String id, Handles handles) {
    try (var stream = anthropic(handles).messages().createStreaming(anthropicParams(id))) {
      handles.offer("`StreamResponse.close()`", stream);
      stream.stream().forEach(Objects::requireNonNull);
    }
  }

  private void anthropicPlain(String id, Handles handles) {
    anthropic(handles).messages().create(anthropicParams(id));
  }

  private static MessageCreateParams anthropicParams(String prompt) {
    return MessageCreateParams.builder()
        .model("claude-sonnet-4-5")
        .maxTokens(100)
        .addUserMessage(prompt)
        .build();
  }
}
