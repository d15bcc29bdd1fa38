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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** HTTP clients against a {@link FakeLlmServer}, in the dialect of OpenAI. */
final class HttpClients {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration SILENCE = Duration.ofSeconds(8);

  private final URI uri;

  HttpClients(String url) {
    uri = URI.create(url + "/v1/chat/completions");
  }

  List<Client> all() {
    JdkHttpCalls jdk = new JdkHttpCalls(PATIENCE);
    OkHttpCalls okHttp = new OkHttpCalls(PATIENCE);
    UrlConnectionCalls urlConnection = new UrlConnectionCalls(SILENCE);
    return List.of(
        new Client(
            "`HttpClient.send`, body as a String",
            List.of(),
            (id, handles) -> HttpClient.newHttpClient().send(post(id), BodyHandlers.ofString()),
            (id, run) -> jdk.whole(uri, json(id), run)),
        new Client(
            "`HttpClient.sendAsync` and `get()`, body as a String",
            List.of("`future.cancel(true)`"),
            HttpClients.this::future,
            (id, run) -> jdk.whole(uri, json(id), run)),
        new Client(
            "`HttpClient.send`, body as an InputStream",
            List.of("`InputStream.close()`", "`HttpClient.shutdownNow()`"),
            HttpClients.this::inputStream,
            (id, run) -> jdk.stream(uri, json(id), run)),
        new Client(
            "`HttpClient.send`, body as lines",
            List.of("`Stream.close()`"),
            HttpClients.this::lines,
            (id, run) -> jdk.stream(uri, json(id), run)),
        new Client(
            "OkHttp 4.12.0",
            List.of("`Response.close()`"),
            HttpClients.this::okHttp,
            (id, run) -> okHttp.stream(uri, json(id), run)),
        new Client(
            "`HttpURLConnection`",
            List.of("`InputStream.close()`", "`disconnect()`"),
            HttpClients.this::urlConnection,
            (id, run) -> urlConnection.whole(uri, json(id), run)));
  }

  private void future(String id, Handles handles) throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        HttpClient.newHttpClient().sendAsync(post(id), BodyHandlers.ofString());
    handles.offer("`future.cancel(true)`", () -> answer.cancel(true));
    answer.get();
  }

  private void inputStream(String id, Handles handles) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    if (Runtime.version().feature() >= 21) {
      handles.offer(
          "`HttpClient.shutdownNow()`",
          () -> HttpClient.class.getMethod("shutdownNow").invoke(http));
    }
    try (InputStream body = http.send(post(id), BodyHandlers.ofInputStream()).body()) {
      handles.offer("`InputStream.close()`", body);
      readLines(body);
    }
  }

  private void lines(String id, Handles handles) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    try (Stream<String> body = http.send(post(id), BodyHandlers.ofLines()).body()) {
      handles.offer("`Stream.close()`", body);
      body.forEach(Objects::requireNonNull);
    }
  }

  private void okHttp(String id, Handles handles) throws Exception {
    Request request =
        new Request.Builder()
            .url(uri.toString())
            .post(RequestBody.create(json(id), MediaType.parse("application/json")))
            .build();
    OkHttpClient http = new OkHttpClient.Builder().readTimeout(PATIENCE).build();
    try (Response response = http.newCall(request).execute()) {
      handles.offer("`Response.close()`", response);
      readLines(Objects.requireNonNull(response.body()).byteStream());
    }
  }

  private void urlConnection(String id, Handles handles) throws Exception {
    HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection();
    call.setDoOutput(true);
    call.getOutputStream().write(json(id).getBytes(StandardCharsets.UTF_8));
    handles.offer("`disconnect()`", call::disconnect);
    try (InputStream body = call.getInputStream()) {
      handles.offer("`InputStream.close()`", body);
      readLines(body);
    }
  }

  private static void readLines(InputStream body) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    while (lines.readLine() != null) {
      Thread.onSpinWait();
    }
  }

  private HttpRequest post(String prompt) {
    return HttpRequest.newBuilder(uri)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json(prompt)))
        .build();
  }

  private static String json(String prompt) {
    return """
    {"model": "m", "stream": true, "messages": [{"role": "user", "content": "%s"}]}
    """
        .formatted(prompt);
  }
}
