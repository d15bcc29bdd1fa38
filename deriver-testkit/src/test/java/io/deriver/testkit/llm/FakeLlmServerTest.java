package io.deriver.testkit.llm;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards what the fake server answers, by which rule, and what it remembers. */
@Timeout(60)
class FakeLlmServerTest {

  private static final String PROMPT = "Conversation: chat:1\nann: hëllo \"you\"\nbob: bye\n";
  private static final String SUMMARY =
      PromptDigest.of("chat:1", List.of("ann: hëllo \"you\"", "bob: bye")).summary();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final FakeLlmServer server = new FakeLlmServer().start();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void answersPlainly(Dialect dialect) throws Exception {
    HttpResponse<String> response = send(dialect, false, PROMPT);

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode body = MAPPER.readTree(response.body());
    assertThat(body.at(textPointer(dialect)).asText()).isEqualTo(SUMMARY);
    assertThat(body.toString()).contains(endMarker(dialect));
  }

  @ParameterizedTest
  @EnumSource
  void answersInAStreamOfEvents(Dialect dialect) throws Exception {
    HttpResponse<String> response = send(dialect, true, PROMPT);

    assertThat(response.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    List<JsonNode> events = events(response.body());
    assertThat(events).hasSizeGreaterThan(5);
    assertThat(
            events.stream()
                .map(event -> event.at(deltaPointer(dialect)).asText())
                .collect(Collectors.joining()))
        .isEqualTo(SUMMARY);
    assertThat(response.body().strip()).endsWith(lastLineEnd(dialect));
    assertThat(response.body()).contains(endMarker(dialect));
  }

  @ParameterizedTest
  @EnumSource
  void recordsWhatWasAsked(Dialect dialect) throws Exception {
    send(dialect, true, PROMPT);

    assertThat(server.requests())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.number()).isEqualTo(1);
              assertThat(request.dialect()).isEqualTo(dialect);
              assertThat(request.model()).isEqualTo(Calls.MODEL);
              assertThat(request.streaming()).isTrue();
              assertThat(request.messages())
                  .containsExactly(
                      new LlmMessage("system", "Be brief."), new LlmMessage("user", PROMPT));
              assertThat(request.prompt()).isEqualTo("Be brief.\n" + PROMPT);
              assertThat(request.conversation()).isEqualTo(PROMPT);
            });
  }

  @ParameterizedTest
  @EnumSource
  void recordsTheCallAsItCame(Dialect dialect) throws Exception {
    send(dialect, true, PROMPT);

    HttpCall call = server.requests().get(0).http();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.target()).isEqualTo(Calls.path(dialect, true));
    assertThat(call.header("Content-Type")).isEqualTo("application/json");
    assertThat(call.header("x-api-key")).isNull();
    assertThat(call.body()).isEqualTo(Calls.body(dialect, true, PROMPT));
    assertThat(call).hasToString("POST " + call.path());
  }

  /** What a client has read is not lost: the text, then the error, and nothing after it. */
  @ParameterizedTest
  @EnumSource
  void breaksOffWithTheErrorOfTheDialect(Dialect dialect) throws Exception {
    server.otherwise(Reply.errorAfter("half an answer ", Reply.overloaded()));

    HttpResponse<String> streamed = send(dialect, true, PROMPT);
    assertThat(streamed.statusCode()).isEqualTo(200);
    assertThat(streamed.body()).contains("half ").doesNotContain(endMarker(dialect));
    String last = streamed.body().strip().lines().reduce("", (before, line) -> line);
    assertThat(last)
        .startsWith(
            switch (dialect) {
              case OPENAI -> "data: {\"error\":{\"message\":";
              case ANTHROPIC ->
                  "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"";
              case GEMINI -> "{\"error\":{\"code\":503,";
            });

    HttpResponse<String> plain = send(dialect, false, PROMPT);
    assertThat(plain.statusCode()).isEqualTo(dialect == Dialect.ANTHROPIC ? 529 : 503);
    assertThat(plain.body()).doesNotContain("half");
  }

  @Test
  void answersWithA500WhereARuleOfTheTestsFailsAnAssertion() throws Exception {
    try (FakeLlmServer server =
            new FakeLlmServer()
                .when(
                    request -> request.prompt().contains("rule"),
                    request -> {
                      throw new AssertionError("as asserted in the rule");
                    })
                .otherwise(
                    Reply.answer(
                        request -> {
                          throw new AssertionError("as asserted in the answer");
                        }))
                .start();
        RawClient first = new RawClient(server);
        RawClient second = new RawClient(server)) {
      first.send(Calls.raw(Dialect.OPENAI, true, "rule"));
      second.send(Calls.raw(Dialect.OPENAI, true, "other"));

      assertThat(first.readUntil("as asserted in the rule")).startsWith("HTTP/1.1 500");
      assertThat(second.readUntil("as asserted in the answer")).startsWith("HTTP/1.1 500");
    }
  }

  @Test
  void saysWhenToComeBackInWholeSecondsAndToGeminiAlsoInTheBody() throws Exception {
    server.otherwise(Reply.error(429, ofMillis(1500)));

    HttpResponse<String> response = send(Dialect.GEMINI, false, PROMPT);

    assertThat(response.headers().firstValue("retry-after")).hasValue("2");
    assertThat(MAPPER.readTree(response.body()).at("/error/details/0/retryDelay").asText())
        .isEqualTo("1.500s");
  }

  @Test
  void keepsConnectionsAliveWhateverWasAnswered() throws Exception {
    server.whenPromptContains("broken", Reply.error(503));
    for (Dialect dialect : Dialect.values()) {
      send(dialect, false, PROMPT);
      send(dialect, true, PROMPT);
      send(dialect, true, "broken");
    }
    client.send(
        HttpRequest.newBuilder(URI.create(server.baseUrl() + "/nothing")).build(),
        BodyHandlers.ofString());

    assertThat(server.requestCount()).isEqualTo(9);
    assertThat(server.requests()).extracting(LlmRequest::connection).containsOnly(1L);
    assertThat(server.connectionCount()).isEqualTo(1);
    assertThat(server.openConnections()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void failsInTheWordsOfTheDialect(Dialect dialect) throws Exception {
    server.otherwise(Reply.error(429, ofSeconds(7)));

    HttpResponse<String> response = send(dialect, true, PROMPT);

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("retry-after")).hasValue("7");
    assertThat(MAPPER.readTree(response.body()).path("error").toString())
        .contains(
            switch (dialect) {
              case OPENAI -> "rate_limit_exceeded";
              case ANTHROPIC -> "rate_limit_error";
              case GEMINI -> "RESOURCE_EXHAUSTED";
            });
  }

  @Test
  void obeysTheFirstRuleThatMatches() throws Exception {
    server
        .whenPromptContains("poison", Reply.answer("first"))
        .when(request -> request.dialect() == Dialect.GEMINI, Reply.answer("second"))
        .when(request -> true, request -> Reply.answer("third after " + request.number()));

    assertThat(text(Dialect.GEMINI, "poison")).isEqualTo("first");
    assertThat(text(Dialect.GEMINI, PROMPT)).isEqualTo("second");
    assertThat(text(Dialect.OPENAI, PROMPT)).isEqualTo("third after 3");

    server.clearRules();
    assertThat(text(Dialect.OPENAI, "poison")).contains("poison");
    server.otherwise(Reply.answer(request -> request.model() + "!"));
    assertThat(text(Dialect.OPENAI, "poison")).isEqualTo(Calls.MODEL + "!");
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void isSlowWhenToldAndNoSlowerThanThat(boolean paced) throws Exception {
    server.otherwise(
        paced ? Reply.pacedAnswer(ofMillis(20)) : Reply.after(ofMillis(200), Reply.answer()));
    long start = System.nanoTime();

    HttpResponse<String> response = send(Dialect.GEMINI, true, PROMPT);

    assertThat(System.nanoTime() - start).isBetween(150_000_000L, 20_000_000_000L);
    assertThat(events(response.body())).hasSizeGreaterThan(5);
  }

  @Test
  void givesAnAnsweringFunctionThatBlocksBackOnClose() {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    server.otherwise(
        Reply.answer(
            request -> {
              entered.countDown();
              try {
                never.await();
              } catch (InterruptedException e) {
                left.countDown();
              }
              return "too late";
            }));
    Collected call = new Collected(client, Calls.post(server, Dialect.OPENAI, false, PROMPT));
    assertThat(await(entered)).isTrue();

    server.close();

    assertThat(await(left)).isTrue();
    assertThat(call.response())
        .failsWithin(ofSeconds(20))
        .withThrowableOfType(ExecutionException.class);
  }

  @Test
  void turnsWhatTheHostsFunctionsThrowIntoA500() throws Exception {
    server.whenPromptContains(
        "one",
        Reply.answer(
            request -> {
              throw new IllegalStateException("boom");
            }));
    server.when(
        request -> {
          throw new IllegalStateException("bang");
        },
        Reply.answer());

    assertThat(send(Dialect.OPENAI, false, "one").body()).contains("boom");
    assertThat(send(Dialect.OPENAI, true, "two").body()).contains("bang");
    assertThat(send(Dialect.OPENAI, true, "two").statusCode()).isEqualTo(500);
  }

  @Test
  void takesABodyInChunks() throws Exception {
    byte[] body = Calls.body(Dialect.OPENAI, false, PROMPT).getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.baseUrl() + "/v1/chat/completions"))
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
            .expectContinue(true)
            .build();

    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());

    assertThat(MAPPER.readTree(response.body()).at(textPointer(Dialect.OPENAI)).asText())
        .isEqualTo(SUMMARY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions                    | no json                       | 400 | not JSON",
        "/v1/chat/completions                    | []                            | 400 | JSON object",
        "/v1/chat/completions                    | {\"model\":\"m\"}             | 400 | messages",
        "/v1/chat/completions                    | {\"messages\":[{\"role\":\"user\"}]} | 400 | model",
        "/v1/messages                            | {\"messages\":[]}             | 400 | max_tokens",
        "/v1beta/models/m:generateContent        | {}                            | 400 | contents",
        "/v1beta/models/m:streamGenerateContent  | {\"contents\":[{}]}           | 400 | alt=sse",
        "/v1/embeddings                          | {}                            | 404 | /v1/embeddings",
      })
  void refusesWhatNoProviderWouldTake(String path, String body, int status, String message)
      throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(server.baseUrl() + path))
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(MAPPER.readTree(response.body()).path("error").path("message").asText())
        .contains(message);
    assertThat(server.requestCount()).isZero();
  }

  @Test
  void refusesMisuseInWords() {
    assertThatThrownBy(server::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("started before");
    assertThatThrownBy(() -> new FakeLlmServer().baseUrl())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call start() first");
    assertThatThrownBy(() -> new FakeLlmServer().dripEvery(ofMillis(0)))
        .hasMessageContaining("dripEvery is PT0S; it must be between PT0.001S and PT1H");
    assertThatThrownBy(() -> Reply.error(200))
        .hasMessageContaining("status is 200; it must be between 400 and 599");
    assertThatThrownBy(() -> Reply.error(429, ofSeconds(-1)))
        .hasMessageContaining("retryAfter is PT-1S; it must not be negative");
    server.close();
    assertThatThrownBy(server::start).hasMessageContaining("closed before");
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String text(Dialect dialect, String prompt) throws Exception {
    return MAPPER.readTree(send(dialect, false, prompt).body()).at(textPointer(dialect)).asText();
  }

  private HttpResponse<String> send(Dialect dialect, boolean streaming, String prompt)
      throws Exception {
    return client.send(Calls.post(server, dialect, streaming, prompt), BodyHandlers.ofString());
  }

  private static List<JsonNode> events(String body) throws Exception {
    List<String> data =
        body.lines()
            .filter(line -> line.startsWith("data: ") && !line.equals("data: [DONE]"))
            .map(line -> line.substring("data: ".length()))
            .toList();
    List<JsonNode> events = new ArrayList<>();
    for (String event : data) {
      events.add(MAPPER.readTree(event));
    }
    return events;
  }

  private static String textPointer(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> "/choices/0/message/content";
      case ANTHROPIC -> "/content/0/text";
      case GEMINI -> "/candidates/0/content/parts/0/text";
    };
  }

  private static String deltaPointer(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> "/choices/0/delta/content";
      case ANTHROPIC -> "/delta/text";
      case GEMINI -> "/candidates/0/content/parts/0/text";
    };
  }

  private static String endMarker(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> "\"finish_reason\":\"stop\"";
      case ANTHROPIC -> "\"stop_reason\":\"end_turn\"";
      case GEMINI -> "\"finishReason\":\"STOP\"";
    };
  }

  private static String lastLineEnd(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> "data: [DONE]";
      case ANTHROPIC -> "event: message_stop\ndata: {\"type\":\"message_stop\"}";
      case GEMINI -> "\"responseId\":\"response-1\"}";
    };
  }
}
