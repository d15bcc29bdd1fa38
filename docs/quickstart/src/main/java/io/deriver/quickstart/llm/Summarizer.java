package io.deriver.quickstart.llm;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.GenAiIOException;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import io.deriver.quickstart.data.Message;
import io.deriver.quickstart.data.Prompt;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;

/**
 * Asks an LLM for a summary, streaming, through the Google GenAI SDK. The same object works in all
 * three acts.
 *
 * <p>It is written as such code is often written. It sets no timeout, as the SDK does not by
 * default. And it has a well-meant fault: while no answer has begun, it takes every failure of the
 * connection for a network that will be back, and asks again, and again. That swallows whatever was
 * meant to end it. Once an answer has begun it does not ask again: that would be paid for twice.
 *
 * <p>Thread-safe.
 */
public final class Summarizer implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(250);

  private final CancellableCalls calls = new CancellableCalls();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final OkHttpClient http;
  private final Client client;
  private final String model;

  /** A summarizer on this endpoint. */
  public Summarizer(Endpoint endpoint) {
    http =
        new OkHttpClient.Builder()
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .addInterceptor(calls)
            .build();
    HttpOptions.Builder options =
        HttpOptions.builder().retryOptions(HttpRetryOptions.builder().attempts(1));
    if (endpoint.baseUrl() != null) {
      options.baseUrl(endpoint.baseUrl());
    }
    client =
        Client.builder()
            .apiKey(endpoint.apiKey())
            .httpOptions(options.build())
            .clientOptions(ClientOptions.builder().customHttpClient(http).build())
            .build();
    model = endpoint.model();
  }

  /**
   * Summarizes these messages of a conversation. Takes as long as the LLM takes.
   *
   * @param hook gets what cancels the HTTP call
   * @throws GenAiIOException if the answer breaks off
   */
  public String summarize(String conversation, List<Message> messages, CancelHook hook) {
    CancellableCalls.Scope scope = calls.open(hook);
    try (ResponseStream<GenerateContentResponse> answer = ask(Prompt.of(conversation, messages))) {
      return read(answer);
    } finally {
      scope.close();
    }
  }

  private ResponseStream<GenerateContentResponse> ask(String prompt) {
    while (true) {
      try {
        return client.models.generateContentStream(model, prompt, null);
      } catch (GenAiIOException e) {
        if (waitForTheNetwork()) {
          throw e;
        }
      }
    }
  }

  private static String read(ResponseStream<GenerateContentResponse> stream) {
    StringBuilder text = new StringBuilder();
    for (GenerateContentResponse piece : stream) {
      String more = piece.text();
      if (more != null) {
        text.append(more);
      }
    }
    return text.toString();
  }

  /** The fault, second half: an interrupt is no reason to stop waiting. */
  private boolean waitForTheNetwork() {
    long until = System.nanoTime() + PAUSE.toNanos();
    while (System.nanoTime() < until) {
      try {
        return closed.await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException swallowed) {
        Thread.interrupted();
      }
    }
    return false;
  }

  /** Ends the waits of threads that nothing else ends. */
  @Override
  public void close() {
    closed.countDown();
    client.close();
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
