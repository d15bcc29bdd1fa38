package io.deriver.testkit.llm;

import static io.deriver.testkit.llm.Soon.soon;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Guards that each hang shape shows the client what it says, for each dialect, and goes on. */
@Timeout(60)
class ServerHangTest {

  private static final String POISON = "Conversation: bad\npoison\n";
  private static final String SUMMARY = PromptDigest.of(POISON).summary();
  private static final String HEALTHY = "Conversation: good\nhello\n";
  private static final int REPEATS = 5;

  private final FakeLlmServer server =
      new FakeLlmServer().keepAliveEvery(ofMillis(10)).dripEvery(ofMillis(10));
  private final HttpClient client = HttpClient.newHttpClient();

  static Stream<Arguments> callsThatHang() {
    return Arrays.stream(ServerHang.values())
        .filter(shape -> shape != ServerHang.RETRY_AFTER_DAYS)
        .flatMap(
            shape ->
                Arrays.stream(Dialect.values())
                    .flatMap(
                        dialect ->
                            Stream.of(true, false)
                                .map(streaming -> Arguments.of(shape, dialect, streaming))));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @MethodSource("callsThatHang")
  void showsItsShapeAndNeverEnds(ServerHang shape, Dialect dialect, boolean streaming)
      throws Exception {
    server.whenPromptContains("poison", Reply.hang(shape)).start();
    Collected hung = new Collected(client, Calls.post(server, dialect, streaming, POISON));

    assertThat(server.awaitHanging(1, ofSeconds(20))).isTrue();
    soon().until(seen(shape, dialect, streaming, hung));

    HttpResponse<String> healthy =
        client.send(Calls.post(server, dialect, streaming, HEALTHY), BodyHandlers.ofString());
    assertThat(healthy.statusCode()).isEqualTo(200);
    assertThat(hung.response()).isNotDone();
    assertThat(server.hanging())
        .singleElement()
        .satisfies(
            hang -> {
              assertThat(hang.shape()).isEqualTo(shape);
              assertThat(hang.request().prompt()).contains("poison");
            });

    server.letGo();

    assertThat(hung.response()).failsWithin(ofSeconds(20));
    soon().until(() -> server.hanging().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("callsThatHang")
  void isForgottenWhenTheClientLeaves(ServerHang shape, Dialect dialect, boolean streaming)
      throws Exception {
    server.whenPromptContains("poison", Reply.hang(shape)).start();
    try (RawClient raw = new RawClient(server)) {
      raw.send(Calls.raw(dialect, streaming, POISON));
      assertThat(server.awaitHanging(1, ofSeconds(20))).isTrue();
    }
    soon().until(() -> server.hanging().isEmpty() && server.openConnections() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void sendsACompleteStreamButNotTheEndOfItsBody(Dialect dialect) throws Exception {
    server.whenPromptContains("poison", Reply.hang(ServerHang.STREAM_NEVER_ENDS)).start();
    try (RawClient hung = new RawClient(server);
        RawClient healthy = new RawClient(server)) {
      hung.send(Calls.raw(dialect, true, POISON));
      healthy.send(Calls.raw(dialect, true, HEALTHY));

      assertThat(healthy.readUntil("\r\n0\r\n\r\n")).contains(endMarker(dialect));
      assertThat(hung.readUntil(endMarker(dialect))).doesNotContain("\r\n0\r\n\r\n");
      assertThat(hung.readWhatComesWithin(ofMillis(150))).doesNotContain("\r\n0\r\n\r\n");
      assertThat(hung.isOpen()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesForDaysEachTime(Dialect dialect) throws Exception {
    server.whenPromptContains("poison", Reply.hang(ServerHang.RETRY_AFTER_DAYS)).start();
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> response =
          client.send(Calls.post(server, dialect, true, POISON), BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.headers().firstValue("retry-after")).hasValue("277403");
    }
    assertThat(server.connectionCount()).isEqualTo(1);
    assertThat(server.hanging()).isEmpty();
  }

  private static Callable<Boolean> seen(
      ServerHang shape, Dialect dialect, boolean streaming, Collected call) {
    return switch (shape) {
      case HEADERS_NEVER_COME -> () -> call.status() == 0 && call.soFar().isEmpty();
      case BODY_STALLS ->
          () ->
              call.status() == 200
                  && !call.soFar().isEmpty()
                  && !call.soFar().contains(endMarker(dialect));
      case STREAM_NEVER_ENDS ->
          () ->
              call.soFar().contains(endMarker(dialect))
                  && (streaming || call.soFar().contains(Json.quote(SUMMARY)));
      case KEEP_ALIVES_FOR_EVER ->
          () ->
              times(call.soFar(), streaming ? keepAlive(dialect) : "\n") >= REPEATS
                  && !call.soFar().contains("and");
      case TOKENS_DRIP_FOR_EVER ->
          () ->
              times(call.soFar(), "and ") >= REPEATS && !call.soFar().contains(endMarker(dialect));
      case RETRY_AFTER_DAYS -> throw new IllegalArgumentException("answers at once");
    };
  }

  private static int times(String text, String part) {
    return List.of(text.split(Pattern.quote(part), -1)).size() - 1;
  }

  private static String keepAlive(Dialect dialect) {
    return dialect == Dialect.ANTHROPIC ? "event: ping" : ": keepalive";
  }

  private static String endMarker(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> "\"finish_reason\":\"stop\"";
      case ANTHROPIC -> "\"stop_reason\":\"end_turn\"";
      case GEMINI -> "\"finishReason\":\"STOP\"";
    };
  }
}
