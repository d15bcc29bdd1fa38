package io.deriver.recipes;

import io.deriver.RunContext;
import io.deriver.RunContext.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** {@code java.net.http}: bodies as a whole and as a stream. Thread-safe. */
@SuppressWarnings("try") // registrations and scopes are there to be closed
public final class JdkHttpCalls {

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final Duration patience;

  /**
   * Calls that let go.
   *
   * @param patience for the headers to come; it does not count from then on (up to JDK 25)
   */
  public JdkHttpCalls(Duration patience) {
    this.patience = patience;
  }

  // docs:start jdk-whole
  /** The body as a whole. The pool's interrupt frees the thread and closes the connection. */
  public String whole(URI uri, String json, RunContext run)
      throws IOException, InterruptedException {
    run.throwIfCancelled();
    return http.send(request(uri, json), BodyHandlers.ofString()).body();
  }

  // docs:end

  // docs:start jdk-stream
  /** The text of a stream of server-sent events. Until the headers come, an interrupt frees it. */
  public String stream(URI uri, String json, RunContext run)
      throws IOException, InterruptedException {
    run.throwIfCancelled();
    try (InputStream body = http.send(request(uri, json), BodyHandlers.ofInputStream()).body();
        Registration close = run.onCancel(body)) {
      return ServerSentEvents.read(body, run);
    }
  }

  // docs:end

  private HttpRequest request(URI uri, String json) {
    return HttpRequest.newBuilder(uri)
        .timeout(patience)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json))
        .build();
  }
}
