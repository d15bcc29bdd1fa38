package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.testkit.llm.Dialect;
import io.deriver.testkit.llm.FakeLlmServer;
import io.deriver.testkit.llm.LlmRequest;
import io.deriver.testkit.llm.Reply;
import io.deriver.testkit.llm.ServerHang;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the samples about the fake LLM server do what they say. */
@Timeout(60)
class TestingFakeServerTest {

  private static final String QUESTION =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void servesAnyClient() throws Exception {
    // docs:start fake-start
    try (FakeLlmServer server = new FakeLlmServer().start()) {
      HttpRequest question =
          HttpRequest.newBuilder(URI.create(server.baseUrl() + "/v1/chat/completions"))
              .header("Authorization", "Bearer any")
              .POST(BodyPublishers.ofString(QUESTION.formatted("hello")))
              .build();
      String answer = http.send(question, BodyHandlers.ofString()).body();
      assertThat(answer).contains("1 messages, first \\\"hello\\\""); // computed from the request

      LlmRequest asked = server.requests().get(0);
      assertThat(asked.dialect()).isEqualTo(Dialect.OPENAI);
      assertThat(asked.prompt()).isEqualTo("hello");
      assertThat(asked.http().header("authorization")).isEqualTo("Bearer any");
    }
    // docs:end
  }

  @Test
  void isScriptedByContent() throws Exception {
    // docs:start fake-content
    FakeLlmServer server =
        new FakeLlmServer()
            .whenPromptContains("poison", Reply.hang(ServerHang.STREAM_NEVER_ENDS))
            .when(
                request -> request.model().equals("slow"), Reply.pacedAnswer(Duration.ofMillis(50)))
            .when(
                request -> request.tools().contains("weather") && request.toolResults().isEmpty(),
                Reply.toolCall("weather", "{\"city\":\"Zürich\"}")) // the first turn
            .otherwise(Reply.answer("It is sunny."));
    // docs:end
    try (server) {
      server.start();
      assertThat(ask(server, "hello").body()).contains("It is sunny.");
      CompletableFuture<HttpResponse<String>> hung =
          http.sendAsync(question(server, "poison"), BodyHandlers.ofString());
      // docs:start fake-hanging
      assertThat(server.awaitHanging(1, Duration.ofSeconds(30))).isTrue();
      server.letGo(); // closes the connections of all calls
      // docs:end
      assertThat(hung)
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableOfType(ExecutionException.class);
    }
  }

  @Test
  void isScriptedByOrder() throws Exception {
    // docs:start fake-order
    FakeLlmServer server =
        new FakeLlmServer()
            .otherwise(
                Reply.inOrder(
                    Reply.error(429, Duration.ofSeconds(1)), // with Retry-After: 1
                    Reply.overloaded(), // 503, for Anthropic 529
                    Reply.answer("at last"))); // to the third request and all after it
    // docs:end
    try (server) {
      server.start();
      assertThat(ask(server, "a").statusCode()).isEqualTo(429);
      assertThat(ask(server, "b").statusCode()).isEqualTo(503);
      assertThat(ask(server, "c").body()).contains("at last");
      assertThat(ask(server, "d").body()).contains("at last");
    }
  }

  @Test
  void isScriptedByChance() throws Exception {
    // docs:start fake-chance
    FakeLlmServer server =
        new FakeLlmServer()
            .otherwise(
                Reply.oneOf(
                    22, // the seed
                    Reply.share(0.10, Reply.error(500)),
                    Reply.share(0.05, Reply.errorAfter("Half an ", Reply.overloaded())),
                    Reply.share(0.01, Reply.hang(ServerHang.BODY_STALLS))));
    // docs:end
    try (server) {
      server.start();
      assertThat(ask(server, "a").statusCode()).isEqualTo(200); // with this seed
    }
  }

  private HttpResponse<String> ask(FakeLlmServer server, String prompt)
      throws IOException, InterruptedException {
    return http.send(question(server, prompt), BodyHandlers.ofString());
  }

  private static HttpRequest question(FakeLlmServer server, String prompt) {
    return HttpRequest.newBuilder(URI.create(server.baseUrl() + "/v1/chat/completions"))
        .POST(BodyPublishers.ofString(QUESTION.formatted(prompt)))
        .build();
  }
}
