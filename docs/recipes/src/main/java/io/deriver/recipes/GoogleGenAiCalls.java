package io.deriver.recipes;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import io.deriver.RunContext;
import java.time.Duration;
import okhttp3.OkHttpClient;

/** google-genai: an interceptor on its OkHttp client. Thread-safe. */
@SuppressWarnings("try") // registrations and scopes are there to be closed
public final class GoogleGenAiCalls {

  private static final String MODEL = "gemini-2.5-flash";

  private final Client client;

  // docs:start google-genai-client
  /**
   * Calls that let go.
   *
   * @param patience between two bytes
   */
  public GoogleGenAiCalls(String baseUrl, String apiKey, Duration patience) {
    OkHttpClient http =
        new OkHttpClient.Builder()
            .readTimeout(patience)
            .addInterceptor(new CancellableCalls())
            .build();
    client =
        Client.builder()
            .apiKey(apiKey)
            .httpOptions(HttpOptions.builder().baseUrl(baseUrl).build())
            .clientOptions(ClientOptions.builder().customHttpClient(http).build())
            .build();
  }

  // docs:end

  // docs:start google-genai
  /** The text of a streamed answer. */
  public String stream(String prompt, RunContext run) {
    StringBuilder text = new StringBuilder();
    try (RunScope scope = RunScope.of(run);
        ResponseStream<GenerateContentResponse> answer =
            client.models.generateContentStream(MODEL, prompt, null)) {
      for (GenerateContentResponse piece : answer) {
        String more = piece.text();
        if (more != null && !more.isEmpty()) {
          run.progress();
          text.append(more);
        }
      }
    }
    return text.toString();
  }

  // docs:end

  /** The text of a plain answer. */
  public String whole(String prompt, RunContext run) {
    try (RunScope scope = RunScope.of(run)) {
      return String.valueOf(client.models.generateContent(MODEL, prompt, null).text());
    }
  }
}
