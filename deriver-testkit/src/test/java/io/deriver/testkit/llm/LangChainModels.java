package io.deriver.testkit.llm;

import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.concurrent.CompletableFuture;

/** LangChain4j's models of the three providers, on a fake server. */
final class LangChainModels {

  private static final String KEY = "any";

  private LangChainModels() {}

  static ChatModel plain(FakeLlmServer server, Dialect dialect, int retries) {
    return switch (dialect) {
      case OPENAI ->
          OpenAiChatModel.builder()
              .baseUrl(server.baseUrl() + "/v1")
              .apiKey(KEY)
              .modelName("gpt-5")
              .maxRetries(retries)
              .build();
      case ANTHROPIC ->
          AnthropicChatModel.builder()
              .baseUrl(server.baseUrl() + "/v1")
              .apiKey(KEY)
              .modelName("claude-sonnet-4-5")
              .maxTokens(100)
              .maxRetries(retries)
              .build();
      case GEMINI ->
          GoogleAiGeminiChatModel.builder()
              .baseUrl(server.baseUrl() + "/v1beta")
              .apiKey(KEY)
              .modelName("gemini-2.5-flash")
              .maxRetries(retries)
              .build();
    };
  }

  static StreamingChatModel streaming(FakeLlmServer server, Dialect dialect) {
    return switch (dialect) {
      case OPENAI ->
          OpenAiStreamingChatModel.builder()
              .baseUrl(server.baseUrl() + "/v1")
              .apiKey(KEY)
              .modelName("gpt-5")
              .build();
      case ANTHROPIC ->
          AnthropicStreamingChatModel.builder()
              .baseUrl(server.baseUrl() + "/v1")
              .apiKey(KEY)
              .modelName("claude-sonnet-4-5")
              .maxTokens(100)
              .build();
      case GEMINI ->
          GoogleAiGeminiStreamingChatModel.builder()
              .baseUrl(server.baseUrl() + "/v1beta")
              .apiKey(KEY)
              .modelName("gemini-2.5-flash")
              .build();
    };
  }

  /** The whole answer of a stream, once it has ended. */
  static CompletableFuture<ChatResponse> collect(StreamingChatModel model, ChatRequest request) {
    CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
    model.chat(
        request,
        new StreamingChatResponseHandler() {
          @Override
          public void onCompleteResponse(ChatResponse response) {
            answer.complete(response);
          }

          @Override
          public void onError(Throwable error) {
            answer.completeExceptionally(error);
          }
        });
    return answer;
  }
}
