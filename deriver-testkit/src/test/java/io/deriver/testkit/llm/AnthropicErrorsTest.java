package io.deriver.testkit.llm;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the Anthropic SDK raises its own exception of each error, and comes back as told. */
@Timeout(180)
class AnthropicErrorsTest {

  private static final MessageCreateParams PARAMS =
      MessageCreateParams.builder()
          .model("claude-sonnet-4-5")
          .maxTokens(100)
          .addUserMessage("any")
          .build();

  private final FakeLlmServer server = new FakeLlmServer().start();
  private final AnthropicClient once = client(0);
  private final AnthropicClient patient = client(1);

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
            Reply.overloaded()));

    assertThatThrownBy(() -> text(once))
        .isInstanceOfSatisfying(
            RateLimitException.class,
            e -> {
              assertThat(e.headers().values("retry-after")).containsExactly("1");
              assertThat(e.headers().values("request-id")).containsExactly("req_1");
            })
        .hasMessageContaining("rate_limit_error");
    assertThatThrownBy(() -> text(once))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("credit balance is too low");
    assertThatThrownBy(() -> text(once))
        .isInstanceOf(InternalServerException.class)
        .hasMessageContaining("api_error");
    assertThatThrownBy(() -> text(once))
        .isInstanceOfSatisfying(
            InternalServerException.class, e -> assertThat(e.statusCode()).isEqualTo(529))
        .hasMessageContaining("overloaded_error");
  }

  /** Its own first pause is half a second at most, so it is the header that it obeys. */
  @Test
  void comesBackWhenTheHeaderSays() {
    server.otherwise(Reply.inOrder(Reply.error(529, ofSeconds(2)), Reply.answer("at last")));

    assertThat(text(patient)).isEqualTo("at last");

    assertThat(server.requests()).hasSize(2);
    assertThat(Duration.between(server.requests().get(0).at(), server.requests().get(1).at()))
        .isGreaterThanOrEqualTo(ofSeconds(2));
  }

  @Test
  void raisesAnErrorInTheStream() {
    server.otherwise(Reply.errorAfter("half an answer ", Reply.overloaded()));
    StringBuilder text = new StringBuilder();
    assertThatThrownBy(
            () -> {
              try (StreamResponse<RawMessageStreamEvent> stream =
                  once.messages().createStreaming(PARAMS)) {
                stream.stream()
                    .flatMap(event -> event.contentBlockDelta().stream())
                    .forEach(event -> text.append(event.delta().asText().text()));
              }
            })
        .isInstanceOf(SseException.class)
        .hasMessageContaining("overloaded_error");
    assertThat(text).hasToString("half an answer ");
  }

  private static String text(AnthropicClient client) {
    return client.messages().create(PARAMS).content().get(0).asText().text();
  }

  private AnthropicClient client(int retries) {
    return AnthropicOkHttpClient.builder()
        .apiKey("any")
        .baseUrl(server.baseUrl())
        .maxRetries(retries)
        .build();
  }
}
