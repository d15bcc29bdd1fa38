package io.deriver.recipes;

import io.deriver.RunContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** {@code HttpURLConnection}: it has no handle that works, so it must look up by itself. */
public final class UrlConnectionCalls {

  private final Duration patience;

  /**
   * Calls that let go.
   *
   * @param patience for the connect, for the headers and between two bytes: so long a silent call
   *     outlives its run
   */
  public UrlConnectionCalls(Duration patience) {
    this.patience = patience;
  }

  // docs:start url-connection
  /**
   * The body as a whole, read so that silence ends by the timeout and chatter by a look at the run.
   */
  public String whole(URI uri, String json, RunContext run) throws IOException {
    HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection();
    call.setConnectTimeout((int) patience.toMillis());
    call.setReadTimeout((int) patience.toMillis());
    call.setRequestProperty("Content-Type", "application/json");
    call.setDoOutput(true);
    call.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try (InputStream body = call.getInputStream()) {
      for (int n; (n = body.read(buffer)) >= 0; ) {
        run.throwIfCancelled();
        text.write(buffer, 0, n);
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }
  // docs:end
}
