package io.deriver.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.google.genai.Client;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.deriver.FailurePolicy;
import io.deriver.FailurePolicy.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards that the default policy knows each SDK's own exceptions, as they really are. */
@Timeout(180)
class StandardPolicyOnSdksTest {

  private static final Duration TIME = Duration.ofSeconds(7);

  private final FakeLlmServer server = new FakeLlmServer().start();

  /** A client of the provider, and whether its exceptions carry headers. */
  enum Sdk {
    ANTHROPIC(true),
    OPENAI(true),
    GOOGLE(false),
    LANGCHAIN_ANTHROPIC(false),
    LANGCHAIN_OPENAI(false),
    LANGCHAIN_GEMINI(false);

    private final boolean hasHeaders;

    Sdk(boolean hasHeaders) {
      this.hasHeaders = hasHeaders;
    }

    void call(FakeLlmServer server) {
      switch (this) {
        case ANTHROPIC -> anthropic(server);
        case OPENAI -> openAi(server);
        case GOOGLE -> google(server);
        case LANGCHAIN_ANTHROPIC -> LangChainModels.plain(server, Dialect.ANTHROPIC, 0).chat("any");
        case LANGCHAIN_OPENAI -> LangChainModels.plain(server, Dialect.OPENAI, 0).chat("any");
        case LANGCHAIN_GEMINI -> LangChainModels.plain(server, Dialect.GEMINI, 0).chat("any");
      }
    }
  }

  private static void anthropic(FakeLlmServer server) {
    AnthropicClient client =
        AnthropicOkHttpClient.builder()
            .apiKey("any")
            .baseUrl(server.baseUrl())
            .maxRetries(0)
            .build();
    try {
      var unused =
          client
              .messages()
              .create(
                  MessageCreateParams.builder()
                      .model("claude-sonnet-4-5")
                      .maxTokens(100)
                      .addUserMessage("any")
                      .build());
    } finally {
      client.close();
    }
  }

  private static void openAi(FakeLlmServer server) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .apiKey("any")
            .baseUrl(server.baseUrl() + "/v1")
            .maxRetries(0)
            .build();
    try {
      var unused =
          client
              .chat()
              .completions()
              .create(
                  ChatCompletionCreateParams.builder()
                      .model("gpt-5")
                      .addUserMessage("any")
                      .build());
    } finally {
      client.close();
    }
  }

  private static void google(FakeLlmServer server) {
    try (Client client =
        Client.builder()
            .apiKey("any")
            .httpOptions(
                HttpOptions.builder()
                    .baseUrl(server.baseUrl())
                    .retryOptions(HttpRetryOptions.builder().attempts(1).build())
                    .build())
            .build()) {
      var unused = client.models.generateContent("gemini-2.5-flash", "any", null);
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Verdict verdict(Sdk sdk, Reply answer) {
    server.otherwise(answer);
    Throwable error = catchThrowable(() -> sdk.call(server));
    assertThat(error).as("what %s throws", sdk).isNotNull();
    return FailurePolicy.standard().classify(error, 1);
  }

  @ParameterizedTest
  @EnumSource
  void answersAreKnownByTheirStatus(Sdk sdk) {
    assertThat(verdict(sdk, Reply.error(400))).isEqualTo(Verdict.PERMANENT);
    assertThat(verdict(sdk, Reply.error(401)))
        .isEqualTo(Verdict.PERMANENT.pausing(Duration.ofMinutes(5)));
    assertThat(verdict(sdk, Reply.error(413))).isEqualTo(Verdict.PERMANENT);
    assertThat(verdict(sdk, Reply.error(429))).isEqualTo(Verdict.RETRY);
    assertThat(verdict(sdk, Reply.error(500))).isEqualTo(Verdict.RETRY);
    assertThat(verdict(sdk, Reply.overloaded())).isEqualTo(Verdict.RETRY);
  }

  @ParameterizedTest
  @EnumSource
  void whereTheExceptionHasHeadersTheTimeIsKept(Sdk sdk) {
    assertThat(verdict(sdk, Reply.error(429, TIME)))
        .isEqualTo(sdk.hasHeaders ? Verdict.RELEASE.notBefore(TIME).pausing(TIME) : Verdict.RETRY);
  }
}
