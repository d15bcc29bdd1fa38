package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.jdbc.PostgresQueue;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.net.LoopbackTls;
import io.deriver.testkit.regression.DeadlockRegression;
import io.deriver.testkit.regression.Fault;
import io.deriver.testkit.regression.Freed;
import io.deriver.testkit.regression.RegressionReport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the samples about deadlock regression do what their page says. */
@Timeout(180)
class TestingDeadlockTest {

  private static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);

  private static final String STREAM =
      "{\"model\":\"m\",\"stream\":true,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

  private final HttpClient http =
      HttpClient.newBuilder().sslContext(LoopbackTls.shared().clientContext()).build();

  @Test
  void onPostgres() throws Exception {
    try (Database database = new Database()) {
      database.execute("CREATE TABLE summary (conversation text, text text)");
      PostgresQueue queue = PostgresQueue.builder(database.dataSource()).installSchema().build();
      String insert = "INSERT INTO summary (conversation, text) VALUES (?, ?)";
      // docs:start deadlock-postgres
      RegressionReport report =
          DeadlockRegression.ofProvider(
                  SUMMARY,
                  "hello",
                  provider -> {
                    HttpSummaries calls = new HttpSummaries(http, provider.baseUrl());
                    return (unit, run) -> {
                      calls.process(unit, run);
                      return queue.apply(tx -> tx.execute(insert, unit.key(), "a summary"));
                    };
                  })
              .on(queue.store(), queue::enqueue)
              .only(HangShape.BODY_STALLS, HangShape.STREAM_TRUNCATED)
              .play();
      assertThat(report).recoversInEveryShape();
      // docs:end
      assertThat(database.rows("SELECT count(*), count(DISTINCT conversation) FROM summary"))
          .containsExactly("52 24");
    }
  }

  @Test
  void withAClientAndAnAllowance() throws Exception {
    // docs:start deadlock-client
    RegressionReport report =
        DeadlockRegression.ofClient(
                SUMMARY,
                "hello",
                client ->
                    (unit, run) -> {
                      String text = client.completeAsync(unit.payloads().get(0)).join();
                      return text.isEmpty() ? Outcome.discard("empty") : Outcome.done();
                    })
            .only(HangShape.CALLBACK_NEVER_FIRES, HangShape.ERROR_THROWN)
            .allowAbandoned(HangShape.CALLBACK_NEVER_FIRES) // until it waits with get()
            .limits(limits -> limits.timeout(Duration.ofSeconds(3)))
            .play();
    assertThat(report)
        .recoversInEveryShape()
        .freed(HangShape.CALLBACK_NEVER_FIRES, Freed.ABANDONED);
    // docs:end
  }

  private Processor<String> joins(String baseUrl) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(baseUrl + "/v1/chat/completions"))
            .POST(BodyPublishers.ofString(STREAM))
            .build();
    return (unit, run) ->
        http.sendAsync(request, BodyHandlers.ofString()).join().statusCode() == 200
            ? Outcome.done()
            : Outcome.retryAfter(Duration.ofMillis(100), "status");
  }

  /** The page shows such a report. */
  @Test
  void aReport() throws Exception {
    RegressionReport report =
        DeadlockRegression.ofProvider(SUMMARY, "hello", provider -> joins(provider.baseUrl()))
            .only(HangShape.HEADERS_NEVER_COME, HangShape.STREAM_TRUNCATED)
            .patience(Duration.ofSeconds(1))
            .play();
    assertThat(report)
        .finds(HangShape.HEADERS_NEVER_COME, Fault.ABANDONED)
        .finds(HangShape.STREAM_TRUNCATED, Fault.WRONG_ANSWER);
    assertThatThrownBy(() -> assertThat(report).recoversInEveryShape())
        .hasMessageContaining("No interrupt ends CompletableFuture.join()");
  }
}
