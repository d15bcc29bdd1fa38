package io.deriver.testkit.llm;

import static io.deriver.testkit.Soon.soon;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import io.deriver.testkit.Caller;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the Anthropic SDK takes the fake server for a provider, and hangs on it. */
@Timeout(60)
class AnthropicSdkTest {

  private static final String PROMPT = "Conversation: ubuntu:1\nann: hello\nbob: bye\n";
  private static final String SUMMARY =
      PromptDigest.of("ubuntu:1", List.of("ann: hello", "bob: bye")).summary();

  private final FakeLlmServer server =
      new FakeLlmServer()
          .keepAliveEvery(ofMillis(10))
          .whenPromptContains("broken", Reply.error(400))
          .whenPromptContains("poison", Reply.hang(ServerHang.KEEP_ALIVES_FOR_EVER))
          .start();
  private final AnthropicClient client =
      AnthropicOkHttpClient.builder()
          .apiKey("any")
          .baseUrl(server.baseUrl())
          .timeout(ofSeconds(30))
          .maxRetries(0)
          .build();

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  @Test
  void readsAPlainAnswer() {
    Message message = client.messages().create(params(PROMPT)).validate();

    assertThat(message.content())
        .singleElement()
        .satisfies(block -> assertThat(block.asText().text()).isEqualTo(SUMMARY));
  }

  @Test
  void readsAStreamedAnswerToItsEnd() {
    String text;
    try (StreamResponse<RawMessageStreamEvent> stream =
        client.messages().createStreaming(params(PROMPT))) {
      text =
          stream.stream()
              .peek(RawMessageStreamEvent::validate)
              .flatMap(event -> event.contentBlockDelta().stream())
              .map(event -> event.delta().asText().text())
              .collect(Collectors.joining());
    }
    assertThat(text).isEqualTo(SUMMARY);
  }

  @Test
  void readsAnError() {
    assertThatThrownBy(() -> client.messages().create(params("broken")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("scripted error");
  }

  @Test
  void hangsOnPingsUntilLetGo() throws Exception {
    Caller<Long> caller =
        new Caller<>(
            () -> {
              try (StreamResponse<RawMessageStreamEvent> stream =
                  client.messages().createStreaming(params("poison"))) {
                return stream.stream().count();
              }
            });
    assertThat(server.awaitHanging(1, ofSeconds(20))).isTrue();
    assertThat(caller.result).isNotDone();

    server.letGo();

    soon().until(caller.result::isDone);
  }

  private static MessageCreateParams params(String prompt) {
    return MessageCreateParams.builder()
        .model("claude-sonnet-4-5")
        .maxTokens(100)
        .addUserMessage(prompt)
        .build();
  }
}
