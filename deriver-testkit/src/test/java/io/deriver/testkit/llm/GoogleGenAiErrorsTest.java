package io.deriver.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ClientException;
import com.google.genai.errors.ServerException;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the Google GenAI SDK raises its own exception of each error; two it does not see. */
@Timeout(180)
class GoogleGenAiErrorsTest {

  private static final String MODEL = "gemini-2.5-flash";

  private final FakeLlmServer server = new FakeLlmServer().start();
  private final Client once = client(1);
  private final Client patient = client(2);

  @AfterEach
  void close() {
    server.close();
    once.close();
    patient.close();
  }

  @Test
  void raisesItsExceptions() {
    server.otherwise(
        Reply.inOrder(
            Reply.error(429, Duration.ofMillis(1500)),
            Reply.outOfQuota(),
            Reply.error(500),
            Reply.overloaded()));

    assertThatThrownBy(() -> text(once))
        .isInstanceOfSatisfying(
            ClientException.class,
            e -> {
              assertThat(e.code()).isEqualTo(429);
              assertThat(e.status()).isEqualTo("RESOURCE_EXHAUSTED");
            });
    assertThatThrownBy(() -> text(once))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("exceeded your current quota");
    assertThatThrownBy(() -> text(once))
        .isInstanceOfSatisfying(
            ServerException.class, e -> assertThat(e.status()).isEqualTo("INTERNAL"));
    assertThatThrownBy(() -> text(once))
        .isInstanceOfSatisfying(
            ServerException.class, e -> assertThat(e.status()).isEqualTo("UNAVAILABLE"))
        .hasMessageContaining("overloaded");
  }

  /** A header of three days, and it comes back at once. */
  @Test
  void doesNotLookAtTheHeaderThatSaysWhen() {
    server.otherwise(
        Reply.inOrder(Reply.hang(ServerHang.RETRY_AFTER_DAYS), Reply.answer("at last")));
    assertThat(text(patient)).isEqualTo("at last");
    assertThat(server.requestCount()).isEqualTo(2);
  }

  /** The processor must look for the finish reason: the SDK skips what is no event. */
  @Test
  void overlooksAnErrorInTheStream() {
    server.otherwise(Reply.errorAfter("half an answer ", Reply.overloaded()));
    StringBuilder text = new StringBuilder();
    boolean finished = false;
    try (ResponseStream<GenerateContentResponse> stream =
        once.models.generateContentStream(MODEL, "any", null)) {
      for (GenerateContentResponse response : stream) {
        text.append(response.text());
        finished |= response.finishReason().knownEnum().toString().equals("STOP");
      }
    }
    assertThat(text).hasToString("half an answer ");
    assertThat(finished).isFalse();
  }

  private static @Nullable String text(Client client) {
    return client.models.generateContent(MODEL, "any", null).text();
  }

  private Client client(int attempts) {
    return Client.builder()
        .apiKey("any")
        .httpOptions(
            HttpOptions.builder()
                .baseUrl(server.baseUrl())
                .retryOptions(
                    HttpRetryOptions.builder().attempts(attempts).initialDelay(0.01).build())
                .build())
        .build();
  }
}
