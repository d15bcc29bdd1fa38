package io.deriver.testkit.llm;

import io.deriver.internal.Checks;
import io.deriver.testkit.net.LoopbackTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An LLM provider on the loopback interface that answers, is slow, fails, calls tools or hangs, as
 * a script says for each request: by its content, in order, or by chance with a seed. It speaks
 * HTTP/1.1 over plain sockets, so that any client works with it; it needs no test framework.
 *
 * <pre>{@code
 * try (FakeLlmServer server = new FakeLlmServer()
 *     .whenPromptContains("poison", Reply.hang(ServerHang.STREAM_NEVER_ENDS))
 *     .when(request -> request.model().equals("slow"), Reply.after(ofSeconds(2), Reply.answer()))
 *     .start()) {
 *   client.baseUrl(server.baseUrl());
 *   ...
 *   server.awaitHanging(8, ofSeconds(10));
 * }
 * }</pre>
 *
 * <p>It serves POSTs to any path that ends in {@code /chat/completions} (OpenAI), {@code /messages}
 * (Anthropic), {@code /models/<model>:generateContent} and {@code :streamGenerateContent?alt=sse}
 * (Gemini), plain and streaming. Keys are not checked. The first rule that matches decides; without
 * one the answer is {@link PromptDigest#summary()}, computed from the request. Rules may be added
 * and removed while it runs, and apply to the requests that arrive later.
 *
 * <p>What holds: {@link #close()} ends every connection and every thread, whatever hangs, and frees
 * the port. What does not: HTTP/2, compression, images, structured output, built-in tools and
 * limits on tokens are not simulated; token counts are counts of words; a tool is called whether or
 * not the client offers it.
 *
 * <p>Thread-safe. One daemon thread listens and one serves each connection.
 */
public final class FakeLlmServer implements AutoCloseable {

  private static final Duration MIN_RHYTHM = Duration.ofMillis(1);
  private static final Duration MAX_RHYTHM = Duration.ofHours(1);

  private final Script script = new Script();
  private final RequestLog log = new RequestLog();
  private Duration keepAliveEvery = Duration.ofMillis(100);
  private Duration dripEvery = Duration.ofSeconds(1);
  private int port;
  private @Nullable LoopbackTls tls;
  private @Nullable Listener listener;
  private boolean closed;

  /** The reply for requests that match, unless an earlier rule took them. */
  public FakeLlmServer when(Predicate<LlmRequest> matches, Reply reply) {
    Objects.requireNonNull(reply, "reply");
    return when(matches, request -> reply);
  }

  /**
   * A reply that is chosen at each request that matches. Both functions are called on connection
   * threads, several at a time; if one throws, the client gets a 500 that says so.
   */
  public FakeLlmServer when(Predicate<LlmRequest> matches, Function<LlmRequest, Reply> reply) {
    Objects.requireNonNull(matches, "matches");
    Objects.requireNonNull(reply, "reply");
    script.add(matches, reply);
    return this;
  }

  /** The reply for requests whose prompt, system prompt included, contains the text. */
  public FakeLlmServer whenPromptContains(String text, Reply reply) {
    Objects.requireNonNull(text, "text");
    return when(request -> request.prompt().contains(text), reply);
  }

  /** The reply for requests that no rule takes; {@link Reply#answer()} until this is called. */
  public FakeLlmServer otherwise(Reply reply) {
    Objects.requireNonNull(reply, "reply");
    return otherwise(request -> reply);
  }

  /** As {@link #otherwise(Reply)}, chosen at each request. */
  public FakeLlmServer otherwise(Function<LlmRequest, Reply> reply) {
    script.otherwise(Objects.requireNonNull(reply, "reply"));
    return this;
  }

  /** Removes all rules but the default: the provider has recovered. Open hangs go on. */
  public FakeLlmServer clearRules() {
    script.clear();
    return this;
  }

  /**
   * How often {@link ServerHang#KEEP_ALIVES_FOR_EVER} sends one.
   *
   * @param interval 1 ms to 1 h; 100 ms by default
   * @throws IllegalStateException if the server was started
   */
  public synchronized FakeLlmServer keepAliveEvery(Duration interval) {
    requireNotStarted();
    keepAliveEvery = Checks.between("keepAliveEvery", interval, MIN_RHYTHM, MAX_RHYTHM);
    return this;
  }

  /**
   * How often {@link ServerHang#TOKENS_DRIP_FOR_EVER} sends a word.
   *
   * @param interval 1 ms to 1 h; 1 s by default
   * @throws IllegalStateException if the server was started
   */
  public synchronized FakeLlmServer dripEvery(Duration interval) {
    requireNotStarted();
    dripEvery = Checks.between("dripEvery", interval, MIN_RHYTHM, MAX_RHYTHM);
    return this;
  }

  /**
   * Where to listen.
   *
   * @param port 0 to 65,535; 0, the default, takes a free one
   * @throws IllegalStateException if the server was started
   */
  public synchronized FakeLlmServer port(int port) {
    requireNotStarted();
    this.port = Checks.between("port", port, 0, 65_535);
    return this;
  }

  /**
   * Speaks HTTPS, with the certificate of {@link LoopbackTls#shared()}, which clients must be told
   * to trust. Plain HTTP by default.
   *
   * @throws IllegalStateException if the server was started
   */
  public synchronized FakeLlmServer tls() {
    requireNotStarted();
    tls = LoopbackTls.shared();
    return this;
  }

  /**
   * Listens on its port of 127.0.0.1 from now on.
   *
   * @throws IllegalStateException if it was started or closed before
   * @throws UncheckedIOException if the port cannot be had
   */
  public synchronized FakeLlmServer start() {
    requireNotStarted();
    try {
      listener =
          new Listener(
              port,
              tls == null ? null : tls.serverContext(),
              script,
              log,
              new Rhythm(keepAliveEvery, dripEvery));
    } catch (IOException e) {
      throw new UncheckedIOException(
          port == 0
              ? "the fake LLM server found no port to listen on"
              : "the fake LLM server cannot listen on port " + port,
          e);
    }
    listener.start();
    return this;
  }

  /**
   * Where it listens, without a slash at the end: {@code http://127.0.0.1:<port>}, or https. What
   * clients of OpenAI take for a base address has {@code /v1} behind it.
   *
   * @throws IllegalStateException if it was not started
   */
  public synchronized String baseUrl() {
    return (tls == null ? "http" : "https") + "://127.0.0.1:" + started().port();
  }

  /**
   * The newest requests that a rule was asked about, oldest first: up to 10,000, and fewer if their
   * bodies come to more than 64 million characters.
   */
  public List<LlmRequest> requests() {
    return log.requests();
  }

  /** How many requests a rule was asked about. */
  public long requestCount() {
    return log.received();
  }

  /**
   * The calls that hang now, oldest first. One is gone from here as soon as its client has closed
   * the connection.
   */
  public List<OpenHang> hanging() {
    return log.hanging();
  }

  /**
   * Waits until so many calls hang at the same time.
   *
   * @return whether they did in time
   */
  public boolean awaitHanging(int atLeast, Duration within) throws InterruptedException {
    return log.awaitHanging(atLeast, within);
  }

  /**
   * How many connections are open.
   *
   * @throws IllegalStateException if it was not started
   */
  public int openConnections() {
    return started().open();
  }

  /**
   * How many connections were ever made.
   *
   * @throws IllegalStateException if it was not started
   */
  public long connectionCount() {
    return started().accepted();
  }

  /** Closes every connection, those of hanging calls among them, and goes on listening. */
  public void letGo() {
    started().closeConnections();
  }

  /**
   * Stops listening, closes every connection and waits until all threads have ended. A second call
   * does nothing. Records stay readable.
   *
   * @throws IllegalStateException if a function of the host's ignores the interrupt and holds a
   *     thread for more than 10 s
   */
  @Override
  public void close() {
    Listener open;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      open = listener;
    }
    if (open != null) {
      open.close();
    }
  }

  private synchronized Listener started() {
    if (listener == null) {
      throw new IllegalStateException("the fake LLM server was not started; call start() first");
    }
    return listener;
  }

  private void requireNotStarted() {
    if (closed || listener != null) {
      throw new IllegalStateException(
          "the fake LLM server was %s before; make a new one"
              .formatted(closed ? "closed" : "started"));
    }
  }
}
