package io.deriver.testkit.regression;

import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.testkit.net.LoopbackTls;
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

/** Streams with the JDK's client, registers what closes the stream, and asks for its end marker. */
@SuppressWarnings("try") // a registration is there to be closed
final class GoodSummaries implements Processor<String> {

  private static final String DATA = "data: ";
  private static final String END = "[DONE]";

  private final HttpClient http;
  private final URI uri;

  GoodSummaries(String baseUrl) {
    http = HttpClient.newBuilder().sslContext(LoopbackTls.shared().clientContext()).build();
    uri = URI.create(baseUrl + "/v1/chat/completions");
  }

  @Override
  public Outcome process(WorkUnit<String> unit, RunContext run) throws Exception {
    run.throwIfCancelled();
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .POST(BodyPublishers.ofString(Bodies.of(unit.payloads().get(0), true)))
            .build();
    HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
    try (InputStream body = response.body();
        RunContext.Registration close = run.onCancel(body)) {
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      readToTheMarker(body, run);
    }
    return Outcome.done();
  }

  private static void readToTheMarker(InputStream body, RunContext run) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      run.throwIfCancelled();
      if (line.startsWith(DATA + END)) {
        return;
      } else if (line.startsWith(DATA)) {
        run.progress();
      }
    }
    throw new IOException("the stream ended without its end marker");
  }
}
