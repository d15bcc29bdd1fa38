package io.deriver.testkit.llm;

import static io.deriver.testkit.Soon.soon;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.deriver.testkit.Caller;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the OpenAI SDK takes the fake server for a provider, and hangs on it. */
@Timeout(60)
class OpenAiSdkTest {

  private static final String PROMPT = "Conversation: ubuntu:1\nann: hello\nbob: bye\n";
  private static final String SUMMARY =
      PromptDigest.of("ubuntu:1", List.of("ann: hello", "bob: bye")).summary();

  private final FakeLlmServer server =
      new FakeLlmServer()
          .whenPromptContains("broken", Reply.error(400))
          .whenPromptContains("poison", Reply.hang(ServerHang.BODY_STALLS))
          .start();
  private final OpenAIClient client =
      OpenAIOkHttpClient.builder()
          .apiKey("any")
          .baseUrl(server.baseUrl() + "/v1")
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
    ChatCompletion completion = client.chat().completions().create(params(PROMPT)).validate();

    assertThat(completion.choices())
        .singleElement()
        .satisfies(choice -> assertThat(choice.message().content()).hasValue(SUMMARY));
  }

  @Test
  void readsAStreamedAnswerToItsEnd() {
    String text;
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(params(PROMPT))) {
      text =
          stream.stream()
              .peek(ChatCompletionChunk::validate)
              .flatMap(chunk -> chunk.choices().stream())
              .map(choice -> choice.delta().content().orElse(""))
              .collect(Collectors.joining());
    }
    assertThat(text).isEqualTo(SUMMARY);
  }

  @Test
  void readsAnError() {
    assertThatThrownBy(() -> client.chat().completions().create(params("broken")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("scripted error");
  }

  @Test
  void hangsOnAStalledBodyUntilLetGo() throws Exception {
    Caller<Long> caller =
        new Caller<>(
            () -> {
              try (StreamResponse<ChatCompletionChunk> stream =
                  client.chat().completions().createStreaming(params("poison"))) {
                return stream.stream().count();
              }
            });
    assertThat(server.awaitHanging(1, ofSeconds(20))).isTrue();
    assertThat(caller.result).isNotDone();

    server.letGo();

    soon().until(caller.result::isDone);
  }

  private static ChatCompletionCreateParams params(String prompt) {
    return ChatCompletionCreateParams.builder().model("gpt-5").addUserMessage(prompt).build();
  }
}
