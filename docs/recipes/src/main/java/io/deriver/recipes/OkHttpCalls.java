package io.deriver.recipes;

import io.deriver.RunContext;
import io.deriver.RunContext.Registration;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** OkHttp: one handle from the connect to the last byte. Thread-safe. */
@SuppressWarnings("try") // registrations and scopes are there to be closed
public final class OkHttpCalls {

  private static final MediaType JSON = Objects.requireNonNull(MediaType.parse("application/json"));

  private final OkHttpClient http;

  /**
   * Calls that let go.
   *
   * @param patience between two bytes
   */
  public OkHttpCalls(Duration patience) {
    http = new OkHttpClient.Builder().readTimeout(patience).build();
  }

  // docs:start okhttp
  /** The text of the data fields of a stream of server-sent events. */
  public String stream(URI uri, String json, RunContext run) throws IOException {
    Call call =
        http.newCall(
            new Request.Builder().url(uri.toString()).post(RequestBody.create(json, JSON)).build());
    try (Registration cancel = run.onCancel(call::cancel);
        Response response = call.execute()) {
      return ServerSentEvents.read(Objects.requireNonNull(response.body()).byteStream(), run);
    }
  }
  // docs:end
}
