package io.deriver.examples;

import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.RunContext;
import io.deriver.RunContext.Registration;
import io.deriver.WorkUnit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** A processor with an HttpClient of its own, as a host writes one. Thread-safe. */
@SuppressWarnings("try") // a registration is there to be closed
final class HttpSummaries implements Processor<String> {

  private final HttpClient http;
  private final URI uri;

  HttpSummaries(HttpClient http, String baseUrl) {
    this.http = http;
    this.uri = URI.create(baseUrl + "/v1/chat/completions");
  }

  // docs:start deadlock-processor
  @Override
  public Outcome process(WorkUnit<String> unit, RunContext run)
      throws IOException, InterruptedException {
    run.throwIfCancelled();
    HttpResponse<InputStream> response = http.send(request(unit), BodyHandlers.ofInputStream());
    try (InputStream body = response.body();
        Registration close = run.onCancel(body)) {
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
      for (String line; (line = lines.readLine()) != null; ) {
        run.throwIfCancelled();
        if (line.equals("data: [DONE]")) {
          return Outcome.done(); // a real one writes: queue.apply(tx -> ...)
        } else if (line.startsWith("data: ")) {
          run.progress(); // on content, never on keep-alives
        }
      }
      throw new IOException("the stream ended without its end marker");
    }
  }

  // docs:end

  private HttpRequest request(WorkUnit<String> unit) {
    String prompt =
        unit.payloads().stream()
            .map(text -> text.replace("\\", "\\\\").replace("\"", "\\\""))
            .collect(Collectors.joining(" "));
    String json =
        "{\"model\":\"gpt-5\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";
    return HttpRequest.newBuilder(uri)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json.formatted(prompt)))
        .build();
  }
}
