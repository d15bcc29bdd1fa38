package io.deriver.testkit.llm;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** A program without a test framework and without a pool that asks the fake server something. */
public final class Standalone {

  private Standalone() {}

  public static void main(String[] args) throws Exception {
    try (FakeLlmServer server =
        new FakeLlmServer()
            .when(request -> request.toolResults().isEmpty(), Reply.toolCall("weather", "{}"))
            .start()) {
      HttpRequest question =
          HttpRequest.newBuilder(URI.create(server.baseUrl() + "/v1/messages"))
              .POST(
                  BodyPublishers.ofString(
                      "{\"model\":\"m\",\"max_tokens\":9,"
                          + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
              .build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(question, BodyHandlers.ofString());
      if (!answer.body().contains("\"name\":\"weather\"") || server.requestCount() != 1) {
        throw new IllegalStateException("answered " + answer.body());
      }
    }
  }
}
