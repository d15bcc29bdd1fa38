package io.deriver.recipes;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpClientBuilderLoader;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's HTTP client, whose streams end with the scope of the thread that asks. Thread-safe.
 */
public final class CancellableHttpClient implements HttpClient {

  private final HttpClient client;

  private CancellableHttpClient(HttpClient client) {
    this.client = client;
  }

  // docs:start langchain4j-client
  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    RunScope scope = RunScope.current();
    if (scope == null) {
      client.execute(request, parser, listener);
    } else {
      scope.throwIfCancelled();
      client.execute(
          request,
          (body, events) -> { // on a thread of the HTTP client's, once the headers have come
            scope.closeAtEnd(body);
            parser.parse(body, events);
          },
          listener);
    }
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    RunScope scope = RunScope.current();
    if (scope != null) {
      scope.throwIfCancelled(); // or a model that retries would begin anew
    }
    return client.execute(request); // an interrupt ends it
  }

  // docs:end

  /** For {@code httpClientBuilder(..)} of a model. */
  public static HttpClientBuilder builder() {
    return new Builder(HttpClientBuilderLoader.loadHttpClientBuilder());
  }

  private record Builder(HttpClientBuilder plain) implements HttpClientBuilder {

    @Override
    public @Nullable Duration connectTimeout() {
      return plain.connectTimeout();
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
      return new Builder(plain.connectTimeout(timeout));
    }

    @Override
    public @Nullable Duration readTimeout() {
      return plain.readTimeout();
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
      return new Builder(plain.readTimeout(timeout));
    }

    @Override
    public HttpClient build() {
      return new CancellableHttpClient(plain.build());
    }
  }
}
