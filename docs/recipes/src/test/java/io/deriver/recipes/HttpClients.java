package io.deriver.recipes;

import io.deriver.testkit.llm.FakeLlmServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** HTTP clients against a {@link FakeLlmServer}, in the dialect of OpenAI. */
final class HttpClients {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration SILENCE = Duration.ofSeconds(12);

  private static final String STRING = "`HttpClient.send`, body as a String";
  private static final String FUTURE = "`HttpClient.sendAsync` and `get()`, body as a String";
  private static final String INPUT_STREAM = "`HttpClient.send`, body as an InputStream";
  private static final String LINES = "`HttpClient.send`, body as lines";
  private static final String OK_HTTP = "OkHttp 4.12.0";
  private static final String URL_CONNECTION = "`HttpURLConnection`";
  private static final String SHUTDOWN_NOW = "`HttpClient.shutdownNow()`";

  private final URI uri;

  HttpClients(String url) {
    uri = URI.create(url + "/v1/chat/completions");
  }

  List<Client> all() {
    Lazily<JdkHttpCalls> jdk = new Lazily<>(() -> new JdkHttpCalls(PATIENCE));
    Lazily<OkHttpCalls> ok = new Lazily<>(() -> new OkHttpCalls(PATIENCE));
    UrlConnectionCalls urlConnection = new UrlConnectionCalls(SILENCE);
    return List.of(
        new Client(
            STRING,
            List.of(),
            jdk(HttpClients::string),
            (id, run) -> jdk.get().whole(uri, json(id), run)),
        new Client(
            FUTURE,
            List.of("`future.cancel(true)`"),
            jdk(HttpClients::future),
            (id, run) -> jdk.get().whole(uri, json(id), run)),
        new Client(
            INPUT_STREAM,
            List.of("`InputStream.close()`", SHUTDOWN_NOW),
            jdk(HttpClients::inputStream),
            (id, run) -> jdk.get().stream(uri, json(id), run)),
        new Client(
            LINES,
            List.of("`Stream.close()`"),
            jdk(HttpClients::lines),
            (id, run) -> jdk.get().stream(uri, json(id), run)),
        new Client(
            OK_HTTP,
            List.of("`Response.close()`"),
            okHttp(UnaryOperator.identity()),
            (id, run) -> ok.get().stream(uri, json(id), run)),
        new Client(
            URL_CONNECTION,
            List.of("`InputStream.close()`", "`disconnect()`"),
            urlConnection(call -> {}),
            (id, run) -> urlConnection.whole(uri, json(id), run)));
  }

  /** Each with each of its own timeouts. */
  List<Limit> limits(Duration limit) {
    List<Limit> limits = new ArrayList<>();
    Map<String, JdkCall> jdkCalls = new LinkedHashMap<>();
    jdkCalls.put(STRING, HttpClients::string);
    jdkCalls.put(FUTURE, HttpClients::future);
    jdkCalls.put(INPUT_STREAM, HttpClients::inputStream);
    jdkCalls.put(LINES, HttpClients::lines);
    jdkCalls.forEach(
        (name, call) -> {
          UnaryOperator<HttpClient.Builder> connect = http -> http.connectTimeout(limit);
          limits.add(
              new Limit(name, "`connectTimeout`", jdk(connect, UnaryOperator.identity(), call)));
          limits.add(
              new Limit(
                  name,
                  "`HttpRequest.timeout`",
                  jdk(UnaryOperator.identity(), request -> request.timeout(limit), call)));
        });
    int millis = (int) limit.toMillis();
    limits.addAll(
        List.of(
            new Limit(OK_HTTP, "`connectTimeout`", okHttp(http -> http.connectTimeout(limit))),
            new Limit(OK_HTTP, "`readTimeout`", okHttp(http -> http.readTimeout(limit))),
            new Limit(OK_HTTP, "`callTimeout`", okHttp(http -> http.callTimeout(limit))),
            new Limit(
                URL_CONNECTION,
                "`setConnectTimeout`",
                urlConnection(call -> call.setConnectTimeout(millis))),
            new Limit(
                URL_CONNECTION,
                "`setReadTimeout`",
                urlConnection(call -> call.setReadTimeout(millis)))));
    return limits;
  }

  /** A call of java.net.http. */
  @FunctionalInterface
  private interface JdkCall {
    void make(HttpClient http, HttpRequest request, Handles handles) throws Exception;
  }

  private Client.Usual jdk(JdkCall call) {
    return jdk(UnaryOperator.identity(), UnaryOperator.identity(), call);
  }

  private Client.Usual jdk(
      UnaryOperator<HttpClient.Builder> client,
      UnaryOperator<HttpRequest.Builder> request,
      JdkCall call) {
    return handles -> {
      HttpClient http = client.apply(HttpClient.newBuilder()).build();
      return (id, ofCall) -> {
        if (Runtime.version().feature() >= 21) {
          ofCall.offer(SHUTDOWN_NOW, () -> HttpClient.class.getMethod("shutdownNow").invoke(http));
        }
        call.make(http, request.apply(post(id)).build(), ofCall);
      };
    };
  }

  private static void string(HttpClient http, HttpRequest request, Handles handles)
      throws Exception {
    http.send(request, BodyHandlers.ofString());
  }

  private static void future(HttpClient http, HttpRequest request, Handles handles)
      throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(request, BodyHandlers.ofString());
    handles.offer("`future.cancel(true)`", () -> answer.cancel(true));
    answer.get();
  }

  private static void inputStream(HttpClient http, HttpRequest request, Handles handles)
      throws Exception {
    try (InputStream body = http.send(request, BodyHandlers.ofInputStream()).body()) {
      handles.offer("`InputStream.close()`", body);
      readLines(body);
    }
  }

  private static void lines(HttpClient http, HttpRequest request, Handles handles)
      throws Exception {
    try (Stream<String> body = http.send(request, BodyHandlers.ofLines()).body()) {
      handles.offer("`Stream.close()`", body);
      body.forEach(Objects::requireNonNull);
    }
  }

  private Client.Usual okHttp(UnaryOperator<OkHttpClient.Builder> client) {
    return handles -> {
      OkHttpClient http =
          client
              .apply(new OkHttpClient.Builder().connectTimeout(PATIENCE).readTimeout(PATIENCE))
              .build();
      return (id, ofCall) -> {
        Request request =
            new Request.Builder()
                .url(uri.toString())
                .post(RequestBody.create(json(id), MediaType.parse("application/json")))
                .build();
        try (Response response = http.newCall(request).execute()) {
          ofCall.offer("`Response.close()`", response);
          readLines(Objects.requireNonNull(response.body()).byteStream());
        }
      };
    };
  }

  private Client.Usual urlConnection(Consumer<HttpURLConnection> settings) {
    return handles ->
        (id, ofCall) -> {
          HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection();
          settings.accept(call);
          call.setDoOutput(true);
          ofCall.offer("`disconnect()`", call::disconnect);
          call.getOutputStream().write(json(id).getBytes(StandardCharsets.UTF_8));
          try (InputStream body = call.getInputStream()) {
            ofCall.offer("`InputStream.close()`", body);
            readLines(body);
          }
        };
  }

  private static void readLines(InputStream body) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    while (lines.readLine() != null) {
      Thread.onSpinWait();
    }
  }

  private HttpRequest.Builder post(String prompt) {
    return HttpRequest.newBuilder(uri)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json(prompt)));
  }

  private static String json(String prompt) {
    return """
    {"model": "m", "stream": true, "messages": [{"role": "user", "content": "%s"}]}
    """
        .formatted(prompt);
  }
}
