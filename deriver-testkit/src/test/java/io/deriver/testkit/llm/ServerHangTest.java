package io.deriver.testkit.llm;

import static io.deriver.testkit.Soon.soon;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
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
  private static final long MUCH = 256L << 20;
  private static final Set<ServerHang> OF_THEIR_OWN_KIND =
      EnumSet.of(ServerHang.ENDLESS_OUTPUT, ServerHang.REUSED_CONNECTION_HANGS);

  private final FakeLlmServer server =
      new FakeLlmServer().keepAliveEvery(ofMillis(10)).dripEvery(ofMillis(10));
  private final HttpClient client = HttpClient.newHttpClient();

  static Stream<Arguments> callsThatNoticeTheClient() {
    return callsThatHang().filter(call -> call.get()[0] != ServerHang.HALF_OPEN);
  }

  static Stream<Arguments> callsThatHang() {
    return Arrays.stream(ServerHang.values())
        .filter(ServerHang::keepsOpen)
        .filter(shape -> !OF_THEIR_OWN_KIND.contains(shape))
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

    assertThat(hung.response())
        .failsWithin(ofSeconds(20))
        .withThrowableOfType(ExecutionException.class);
    soon().until(() -> server.hanging().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("callsThatNoticeTheClient")
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

  @Test
  void doesNotNoticeThatTheClientHasLeftAHalfOpenConnection() throws Exception {
    server.whenPromptContains("poison", Reply.hang(ServerHang.HALF_OPEN)).start();
    try (RawClient raw = new RawClient(server)) {
      raw.send(Calls.raw(Dialect.OPENAI, true, POISON));
      assertThat(server.awaitHanging(1, ofSeconds(20))).isTrue();
    }
    soon().during(ofMillis(150)).until(() -> server.hanging().size() == 1);

    server.letGo();

    soon().until(() -> server.hanging().isEmpty() && server.openConnections() == 0);
  }

  @ParameterizedTest
  @MethodSource("dialectsStreamingOrNot")
  void sendsWithoutEndAsFastAsItIsReadAndKeepsNothing(Dialect dialect, boolean streaming)
      throws Exception {
    server.whenPromptContains("poison", Reply.hang(ServerHang.ENDLESS_OUTPUT)).start();
    try (RawClient raw = new RawClient(server)) {
      raw.send(Calls.raw(dialect, streaming, POISON));
      assertThat(raw.readUntil("and ")).startsWith("HTTP/1.1 200");
      long before = usedHeap();

      raw.readAndForget(MUCH);

      assertThat(usedHeap() - before).isLessThan(MUCH / 4);
      assertThat(server.hanging()).hasSize(1);
    }
    soon().until(() -> server.hanging().isEmpty() && server.openConnections() == 0);
  }

  @ParameterizedTest
  @MethodSource("dialectsStreamingOrNot")
  void answersOnAFreshConnectionAndHangsOnAUsedOne(Dialect dialect, boolean streaming)
      throws Exception {
    server.otherwise(Reply.hang(ServerHang.REUSED_CONNECTION_HANGS)).start();
    HttpResponse<String> first =
        client.send(Calls.post(server, dialect, streaming, HEALTHY), BodyHandlers.ofString());
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.body()).contains(endMarker(dialect));

    for (int calls = 1; calls <= 2; calls++) {
      Collected pooled = new Collected(client, Calls.post(server, dialect, streaming, HEALTHY));
      assertThat(server.awaitHanging(1, ofSeconds(20))).isTrue();
      assertThat(server.connectionCount()).isEqualTo(calls);
      assertThat(pooled.status()).isZero();

      server.letGo();
      assertThat(pooled.response())
          .failsWithin(ofSeconds(20))
          .withThrowableOfType(ExecutionException.class);

      // A fresh connection again, which dies in its turn.
      assertThat(
              client
                  .send(Calls.post(server, dialect, streaming, HEALTHY), BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @MethodSource("dialectsStreamingOrNot")
  void endsCleanlyInTheMiddleOfAnAnswer(Dialect dialect, boolean streaming) throws Exception {
    server.whenPromptContains("poison", Reply.hang(ServerHang.STREAM_TRUNCATED)).start();
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> half =
          client.send(Calls.post(server, dialect, streaming, POISON), BodyHandlers.ofString());
      assertThat(half.statusCode()).isEqualTo(200);
      assertThat(half.body()).isNotEmpty().doesNotContain(endMarker(dialect));
    }
    assertThat(server.connectionCount()).isEqualTo(1);
    assertThat(server.hanging()).isEmpty();
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
      case BODY_STALLS, HALF_OPEN ->
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
      case ENDLESS_OUTPUT, REUSED_CONNECTION_HANGS, STREAM_TRUNCATED, RETRY_AFTER_DAYS ->
          throw new IllegalArgumentException(shape + " has tests of its own");
    };
  }

  static Stream<Arguments> dialectsStreamingOrNot() {
    return Arrays.stream(Dialect.values())
        .flatMap(
            dialect -> Stream.of(true, false).map(streaming -> Arguments.of(dialect, streaming)));
  }

  private static long usedHeap() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
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
