package io.deriver.testkit.llm;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Guards that the Google GenAI SDK takes the fake server for Gemini. */
class GoogleGenAiTest {

  private static final String PROMPT = "Conversation: ubuntu:1\nann: hello\nbob: bye\n";
  private static final String SUMMARY =
      PromptDigest.of("ubuntu:1", List.of("ann: hello", "bob: bye")).summary();

  private final FakeLlmServer server =
      new FakeLlmServer().whenPromptContains("broken", Reply.error(400)).start();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void readsAPlainAnswer() {
    try (Client client = client()) {
      GenerateContentResponse response =
          client.models.generateContent("gemini-2.5-flash", PROMPT, null);

      assertThat(response.text()).isEqualTo(SUMMARY);
      assertThat(response.finishReason().knownEnum()).hasToString("STOP");
    }
    assertThat(server.requests())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.dialect()).isEqualTo(Dialect.GEMINI);
              assertThat(request.model()).isEqualTo("gemini-2.5-flash");
              assertThat(request.streaming()).isFalse();
              assertThat(request.prompt()).isEqualTo(PROMPT);
            });
  }

  @Test
  void readsAStreamedAnswerToItsEnd() {
    StringBuilder text = new StringBuilder();
    try (Client client = client();
        ResponseStream<GenerateContentResponse> stream =
            client.models.generateContentStream("gemini-2.5-flash", PROMPT, null)) {
      for (GenerateContentResponse response : stream) {
        text.append(response.text());
      }
    }
    assertThat(text).hasToString(SUMMARY);
    assertThat(server.requests()).singleElement().matches(LlmRequest::streaming);
  }

  @Test
  void readsAnError() {
    try (Client client = client()) {
      assertThatThrownBy(() -> client.models.generateContent("gemini-2.5-flash", "broken", null))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
    }
  }

  private Client client() {
    return Client.builder()
        .apiKey("any")
        .httpOptions(
            HttpOptions.builder()
                .baseUrl(server.baseUrl())
                .timeout((int) ofSeconds(20).toMillis())
                .build())
        .build();
  }
}
