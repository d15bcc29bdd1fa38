package io.deriver.recipes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.backends.AnthropicBackend;
import com.openai.core.RequestOptions;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/**
 * Guards that no call is made that its run could not end: the transports refuse asynchronous ones.
 */
class AsyncTransportTest {

  private static final String URL = "http://127.0.0.1:1";

  @Test
  void openAiRefuses() {
    HttpRequest request = HttpRequest.builder().method(HttpMethod.GET).baseUrl(URL).build();
    try (OpenAiTransport transport = new OpenAiTransport()) {
      assertThatThrownBy(() -> transport.executeAsync(request, RequestOptions.none()).get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void anthropicRefuses() {
    var request =
        com.anthropic.core.http.HttpRequest.builder()
            .method(com.anthropic.core.http.HttpMethod.GET)
            .url(URL)
            .build();
    var backend = AnthropicBackend.builder().baseUrl(URL).apiKey("any").build();
    try (AnthropicTransport transport = new AnthropicTransport(backend)) {
      var options = com.anthropic.core.RequestOptions.none();
      assertThatThrownBy(() -> transport.executeAsync(request, options).get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(UnsupportedOperationException.class);
    }
  }
}
