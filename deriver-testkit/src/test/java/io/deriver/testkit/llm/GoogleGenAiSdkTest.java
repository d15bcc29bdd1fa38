package io.deriver.testkit.llm;

import static io.deriver.testkit.Soon.soon;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import io.deriver.testkit.Caller;
import java.util.List;
import java.util.Set;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards that the Google GenAI SDK takes the fake server for Gemini, and hangs on it. */
@Timeout(60)
class GoogleGenAiSdkTest {

  private static final String PROMPT = "Conversation: ubuntu:1\nann: hello\nbob: bye\n";
  private static final String SUMMARY =
      PromptDigest.of("ubuntu:1", List.of("ann: hello", "bob: bye")).summary();

  private static final Set<ServerHang> SILENT =
      Set.of(
          ServerHang.HEADERS_NEVER_COME,
          ServerHang.BODY_STALLS,
          ServerHang.STREAM_NEVER_ENDS,
          ServerHang.HALF_OPEN);

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
    assertThat(streamTo(text, PROMPT)).isTrue();
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

  /**
   * The outage: every shape holds a thread that reads a stream. Where the socket is silent an
   * interrupt does not free it; where bytes come, the SDK sees the interrupt at the next one.
   */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"REUSED_CONNECTION_HANGS", "STREAM_TRUNCATED", "RETRY_AFTER_DAYS"})
  void hangsInEveryShapeUntilLetGo(ServerHang shape) throws Exception {
    server.whenPromptContains("poison", Reply.hang(shape));
    try (Client client = client()) {
      Caller<Integer> caller =
          new Caller<>(
              () -> {
                int responses = 0;
                for (GenerateContentResponse response :
                    client.models.generateContentStream("gemini-2.5-flash", "poison", null)) {
                  responses += response.text() == null ? 0 : 1;
                }
                return responses;
              });
      assertThat(server.awaitHanging(1, ofSeconds(20))).isTrue();

      ThrowingRunnable reads =
          () ->
              assertThat(caller.thread.getStackTrace()).anyMatch(GoogleGenAiSdkTest::isSocketRead);
      if (SILENT.contains(shape)) {
        // For a while: an interrupt in the read before the last byte would be seen at that byte.
        soon().during(ofMillis(500)).untilAsserted(reads);
        caller.thread.interrupt();
      } else {
        soon().untilAsserted(reads);
      }
      soon()
          .during(ofMillis(200))
          .until(() -> caller.thread.isAlive() && server.hanging().size() == 1);

      server.letGo();
      soon().until(caller.result::isDone);
    }
  }

  @Test
  void hangsOnAConnectionThatDiedInItsPool() throws Exception {
    server.whenPromptContains("poison", Reply.hang(ServerHang.REUSED_CONNECTION_HANGS));
    try (Client client = client()) {
      assertThat(client.models.generateContent("gemini-2.5-flash", "poison", null).text())
          .isNotEmpty();
      Caller<String> caller =
          new Caller<>(
              () -> client.models.generateContent("gemini-2.5-flash", "poison", null).text());

      assertThat(server.awaitHanging(1, ofSeconds(20))).isTrue();
      assertThat(server.connectionCount()).isEqualTo(1);
      assertThat(caller.result).isNotDone();
      server.letGo();
      soon().until(caller.result::isDone);
    }
  }

  /** It must be the processor that looks for the end marker: here it is the finish reason. */
  @Test
  void passesHalfAnAnswerOffAsAWholeOne() {
    server.whenPromptContains("poison", Reply.hang(ServerHang.STREAM_TRUNCATED));
    StringBuilder text = new StringBuilder();
    assertThat(streamTo(text, "poison")).isFalse();
    assertThat(text).isNotEmpty();
  }

  @Test
  void reportsThatItIsRefusedForDays() {
    server.whenPromptContains("poison", Reply.hang(ServerHang.RETRY_AFTER_DAYS));
    try (Client client = client()) {
      assertThatThrownBy(() -> client.models.generateContent("gemini-2.5-flash", "poison", null))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(429));
    }
  }

  private static boolean isSocketRead(StackTraceElement frame) {
    return frame.getClassName().endsWith("NioSocketImpl") && frame.getMethodName().equals("read");
  }

  /** Reads a stream to its end; says whether it told of a finish. */
  private boolean streamTo(StringBuilder text, String prompt) {
    boolean finished = false;
    try (Client client = client();
        ResponseStream<GenerateContentResponse> stream =
            client.models.generateContentStream("gemini-2.5-flash", prompt, null)) {
      for (GenerateContentResponse response : stream) {
        text.append(response.text());
        finished |= response.finishReason().knownEnum().toString().equals("STOP");
      }
    }
    return finished;
  }

  private Client client() {
    return Client.builder()
        .apiKey("any")
        .httpOptions(
            HttpOptions.builder()
                .baseUrl(server.baseUrl())
                .retryOptions(HttpRetryOptions.builder().attempts(1).build())
                .timeout((int) ofSeconds(20).toMillis())
                .build())
        .build();
  }
}
