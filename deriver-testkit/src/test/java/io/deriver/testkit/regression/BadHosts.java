package io.deriver.testkit.regression;

import io.deriver.Outcome;
import io.deriver.Processor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/** Processors that are bad in one way each; what loops stops at {@link #stop()}. */
final class BadHosts {

  private static final int TRIES = 3;

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicBoolean stopped = new AtomicBoolean();

  /** Ends what would loop for ever once its provider is closed. */
  void stop() {
    stopped.set(true);
  }

  /** Reads a blocking socket, without a timeout, and registers nothing. */
  Processor<String> readsASocket(String baseUrl) {
    URI uri = URI.create(baseUrl);
    return (unit, run) -> {
      try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
        String body = Bodies.of(unit.payloads().get(0), true);
        String call =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
        socket.getOutputStream().write(call.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return requireMarker(all);
      }
    };
  }

  /** Catches the interrupt and asks again. */
  Processor<String> swallowsInterrupts(String baseUrl) {
    return (unit, run) -> {
      while (!stopped.get()) {
        try {
          return requireMarker(http.send(request(baseUrl), BodyHandlers.ofString()).body());
        } catch (InterruptedException swallowed) {
          // As seen in the wild.
        }
      }
      return Outcome.deadLetter("stopped");
    };
  }

  /** Tries a call that failed twice more. */
  Processor<String> retries(String baseUrl) {
    return (unit, run) -> {
      IOException last = new IOException("never tried");
      for (int i = 0; i < TRIES; i++) {
        try {
          return requireMarker(http.send(request(baseUrl), BodyHandlers.ofString()));
        } catch (IOException e) {
          last = e;
        }
      }
      throw last;
    };
  }

  /** Closes by a disconnect, which waits for the reader. */
  Processor<String> disconnects(String baseUrl) {
    return (unit, run) -> {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(baseUrl + "/v1/chat/completions").toURL().openConnection();
      run.onCancel(connection::disconnect);
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(Bodies.of("any", true).getBytes(StandardCharsets.UTF_8));
      }
      try (InputStream in = connection.getInputStream()) {
        return requireMarker(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    };
  }

  /** Joins a future. */
  Processor<String> joins(String baseUrl) {
    return (unit, run) ->
        requireMarker(http.sendAsync(request(baseUrl), BodyHandlers.ofString()).join().body());
  }

  /** Takes what came for the whole answer. */
  Processor<String> believesTheEnd(String baseUrl) {
    return (unit, run) -> {
      HttpResponse<String> response = http.send(request(baseUrl), BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      return Outcome.done();
    };
  }

  /** Lets one call at a time through, and holds the lock across it. */
  Processor<String> locks(String baseUrl) {
    Processor<String> reads = readsASocket(baseUrl);
    Object lock = new Object();
    return (unit, run) -> {
      synchronized (lock) {
        return reads.process(unit, run);
      }
    };
  }

  /** Registers something that hangs itself. */
  Processor<String> closesByWaiting(String baseUrl) {
    Processor<String> reads = readsASocket(baseUrl);
    return (unit, run) -> {
      Object inCall = new Object();
      synchronized (inCall) {
        run.onCancel(
            () -> {
              synchronized (inCall) {
                inCall.notifyAll();
              }
            });
        return reads.process(unit, run);
      }
    };
  }

  private static Outcome requireMarker(HttpResponse<String> response) throws IOException {
    if (response.statusCode() != 200) {
      throw new IOException("status " + response.statusCode());
    }
    return requireMarker(response.body());
  }

  private static Outcome requireMarker(String answer) throws IOException {
    if (!answer.contains("[DONE]")) {
      throw new IOException("no end marker");
    }
    return Outcome.done();
  }

  private static HttpRequest request(String baseUrl) {
    return HttpRequest.newBuilder(URI.create(baseUrl + "/v1/chat/completions"))
        .POST(BodyPublishers.ofString(Bodies.of("any", true)))
        .build();
  }
}
