package io.deriver.testkit.llm;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the OpenAI SDK raises its own exception of each error, and comes back as told. */
@Timeout(180)
class OpenAiErrorsTest {

  private static final ChatCompletionCreateParams PARAMS =
      ChatCompletionCreateParams.builder().model("gpt-5").addUserMessage("any").build();

  private final FakeLlmServer server = new FakeLlmServer().start();
  private final OpenAIClient once = client(0);
  private final OpenAIClient patient = client(1);

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
            Reply.error(429, ofSeconds(1)),
            Reply.outOfQuota(),
            Reply.error(500),
            Reply.overloaded(),
            Reply.error(400, "context_length_exceeded", "too long")));

    assertThatThrownBy(() -> text(once))
        .isInstanceOfSatisfying(
            RateLimitException.class,
            e -> {
              assertThat(e.code()).hasValue("rate_limit_exceeded");
              assertThat(e.headers().values("retry-after")).containsExactly("1");
              assertThat(e.headers().values("x-request-id")).containsExactly("req_1");
            });
    assertThatThrownBy(() -> text(once))
        .isInstanceOfSatisfying(
            RateLimitException.class, e -> assertThat(e.code()).hasValue("insufficient_quota"));
    assertThatThrownBy(() -> text(once))
        .isInstanceOfSatisfying(
            InternalServerException.class, e -> assertThat(e.type()).hasValue("server_error"));
    assertThatThrownBy(() -> text(once))
        .isInstanceOfSatisfying(
            InternalServerException.class, e -> assertThat(e.statusCode()).isEqualTo(503))
        .hasMessageContaining("overloaded");
    assertThatThrownBy(() -> text(once))
        .isInstanceOfSatisfying(
            BadRequestException.class,
            e -> assertThat(e.code()).hasValue("context_length_exceeded"))
        .hasMessageContaining("too long");
  }

  /** Its own first pause is half a second at most, so it is the header that it obeys. */
  @Test
  void comesBackWhenTheHeaderSays() {
    server.otherwise(Reply.inOrder(Reply.error(429, ofSeconds(2)), Reply.answer("at last")));

    assertThat(text(patient)).isEqualTo("at last");

    assertThat(server.requests()).hasSize(2);
    assertThat(Duration.between(server.requests().get(0).at(), server.requests().get(1).at()))
        .isGreaterThanOrEqualTo(ofSeconds(2));
  }

  @Test
  void raisesAnErrorInTheStream() {
    server.otherwise(Reply.errorAfter("half an answer ", Reply.error(500)));
    StringBuilder text = new StringBuilder();
    assertThatThrownBy(
            () -> {
              try (StreamResponse<ChatCompletionChunk> stream =
                  once.chat().completions().createStreaming(PARAMS)) {
                stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .forEach(choice -> text.append(choice.delta().content().orElse("")));
              }
            })
        .isInstanceOf(SseException.class)
        .hasMessageContaining("scripted error");
    assertThat(text).hasToString("half an answer ");
  }

  private static String text(OpenAIClient client) {
    return client
        .chat()
        .completions()
        .create(PARAMS)
        .choices()
        .get(0)
        .message()
        .content()
        .orElseThrow();
  }

  private OpenAIClient client(int retries) {
    return OpenAIOkHttpClient.builder()
        .apiKey("any")
        .baseUrl(server.baseUrl() + "/v1")
        .maxRetries(retries)
        .build();
  }
}
