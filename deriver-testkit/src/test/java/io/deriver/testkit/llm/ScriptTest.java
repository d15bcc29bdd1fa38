package io.deriver.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that scripts by order and by chance hold with many clients at a time. */
@Timeout(180)
class ScriptTest {

  private static final int CALLS = 200;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void manyAtATimeGetEachReplyOfAnOrderOnce() {
    try (FakeLlmServer server =
        new FakeLlmServer()
            .otherwise(Reply.inOrder(Reply.error(500), Reply.error(503), Reply.answer()))
            .start()) {
      List<Integer> statuses =
          new ArrayList<>(
              callAll(server, 8).values().stream().map(HttpResponse::statusCode).toList());
      Collections.sort(statuses);

      assertThat(statuses).hasSize(CALLS);
      assertThat(statuses.subList(CALLS - 3, CALLS)).containsExactly(200, 500, 503);
      assertThat(new HashSet<>(statuses)).containsExactlyInAnyOrder(200, 500, 503);
    }
  }

  @Test
  void rulesCountForThemselves() throws Exception {
    Reply shared = Reply.inOrder(Reply.answer("first"), Reply.answer("second"));
    try (FakeLlmServer server =
        new FakeLlmServer().whenPromptContains("a", shared).otherwise(shared).start()) {
      for (String prompt : List.of("a", "b", "a", "b")) {
        String body =
            client
                .send(Calls.post(server, Dialect.OPENAI, false, prompt), BodyHandlers.ofString())
                .body();
        assertThat(body).contains(server.requestCount() < 3 ? "first" : "second");
      }
    }
  }

  /** A request's fate goes by its number, whoever sent it and whatever came in between. */
  @Test
  void theSameSeedPlaysTheSameRunHoweverManyCallAtATime() {
    Map<Long, Integer> alone = statusesOf(1);

    assertThat(statusesOf(8)).isEqualTo(alone);
    assertThat(alone.values()).contains(200, 429, 503);
  }

  private Map<Long, Integer> statusesOf(int atATime) {
    Reply chance =
        Reply.oneOf(7, Reply.share(0.3, Reply.error(429)), Reply.share(0.2, Reply.overloaded()));
    try (FakeLlmServer server = new FakeLlmServer().otherwise(chance).start()) {
      Map<Long, Integer> statuses = new TreeMap<>();
      callAll(server, atATime)
          .forEach((number, response) -> statuses.put(number, response.statusCode()));
      assertThat(statuses).hasSize(CALLS);
      return statuses;
    }
  }

  /** The responses by the number under which the server took the request in. */
  private Map<Long, HttpResponse<String>> callAll(FakeLlmServer server, int atATime) {
    Map<Long, HttpResponse<String>> responses = new TreeMap<>();
    for (int sent = 0; sent < CALLS; sent += atATime) {
      IntStream.range(0, atATime)
          .mapToObj(i -> Calls.post(server, Dialect.OPENAI, false, "any"))
          .map(request -> client.sendAsync(request, BodyHandlers.ofString()))
          .toList()
          .stream()
          .map(call -> call.orTimeout(60, TimeUnit.SECONDS))
          .map(CompletableFuture::join)
          .forEach(response -> responses.put(number(response), response));
    }
    return responses;
  }

  private static long number(HttpResponse<String> response) {
    JsonNode body = Json.object(response.body());
    String id =
        response.headers().firstValue("x-request-id").orElseGet(() -> body.path("id").asText());
    return Long.parseLong(id.replaceAll("\\D+", ""));
  }
}
