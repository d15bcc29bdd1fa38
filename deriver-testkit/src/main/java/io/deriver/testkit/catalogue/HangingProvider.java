package io.deriver.testkit.catalogue;

import io.deriver.testkit.llm.LlmRequest;
import io.deriver.testkit.llm.ServerHang;
import io.deriver.testkit.net.FullBacklog;
import java.time.Duration;
import java.util.List;

/**
 * An LLM provider on the loopback interface that meets every call with one {@link HangShape}, until
 * it recovers; from then on it answers at the same address.
 *
 * <pre>{@code
 * try (HangingProvider provider = HangingProvider.of(HangShape.STREAM_NEVER_ENDS)) {
 *   client.baseUrl(provider.baseUrl());
 *   ...
 *   provider.awaitMet(8, ofSeconds(10));
 *   provider.recover();
 * }
 * }</pre>
 *
 * <p>What holds: it speaks as OpenAI, Anthropic and Gemini do, plain and streaming, as {@link
 * io.deriver.testkit.llm.FakeLlmServer} describes. {@link #close()} ends every connection and every
 * thread, and frees the port. What does not: a connect that hangs is not the provider's to end, see
 * {@link #recover()} and {@link #close()}; and HTTP/2 is not spoken. All shapes are made in
 * HTTP/1.1, which is what clients fall back to. What a client's own HTTP/2 layer does besides is
 * not tested by that: PING frames that it answers by itself while no content comes (to its reader
 * that is {@link HangShape#BODY_STALLS}), and one dead connection that many calls share at the same
 * time.
 *
 * <p>Thread-safe.
 */
public interface HangingProvider extends AutoCloseable {

  /**
   * One that is up and in this shape.
   *
   * @throws IllegalArgumentException if the shape is not made on a network
   * @throws java.io.UncheckedIOException if no port can be had
   * @throws IllegalStateException for {@link HangShape#CONNECT_NEVER_COMPLETES} on a system whose
   *     queue for new connections cannot be filled
   */
  static HangingProvider of(HangShape shape) {
    return switch (shape) {
      case CONNECT_NEVER_COMPLETES -> new UnreachedProvider(new Door.Full(new FullBacklog()));
      case HANDSHAKE_NEVER_ANSWERED -> new UnreachedProvider(Door.Silent.open());
      case HEADERS_NEVER_COME -> new ServedProvider(shape, ServerHang.HEADERS_NEVER_COME);
      case BODY_STALLS -> new ServedProvider(shape, ServerHang.BODY_STALLS);
      case STREAM_NEVER_ENDS -> new ServedProvider(shape, ServerHang.STREAM_NEVER_ENDS);
      case KEEP_ALIVES_FOR_EVER -> new ServedProvider(shape, ServerHang.KEEP_ALIVES_FOR_EVER);
      case TOKENS_DRIP_FOR_EVER -> new ServedProvider(shape, ServerHang.TOKENS_DRIP_FOR_EVER);
      case ENDLESS_OUTPUT -> new ServedProvider(shape, ServerHang.ENDLESS_OUTPUT);
      case HALF_OPEN -> new ServedProvider(shape, ServerHang.HALF_OPEN);
      case STREAM_TRUNCATED -> new ServedProvider(shape, ServerHang.STREAM_TRUNCATED);
      case RETRY_AFTER_DAYS -> new ServedProvider(shape, ServerHang.RETRY_AFTER_DAYS);
      case DEAD_POOLED_CONNECTION -> new ServedProvider(shape, ServerHang.REUSED_CONNECTION_HANGS);
      case ANSWERS_LATE -> new LateProvider();
      default -> throw shape.notMadeOn(Place.NETWORK);
    };
  }

  /** What it meets calls with. */
  HangShape shape();

  /**
   * Where it is, without a slash at the end: {@code http://127.0.0.1:<port>}; https for {@link
   * HangShape#HANDSHAKE_NEVER_ANSWERED}, where it answers, once it has recovered, with the
   * certificate of {@link io.deriver.testkit.net.LoopbackTls#shared()}.
   */
  String baseUrl();

  /**
   * Waits until so many calls are in the shape at the same time. For {@link
   * HangShape#STREAM_TRUNCATED} and {@link HangShape#RETRY_AFTER_DAYS}, which end a call at once,
   * it is the number of calls that were met so; for {@link HangShape#HANDSHAKE_NEVER_ANSWERED} and
   * {@link HangShape#ANSWERS_LATE} those whose client has left are among them; and for {@link
   * HangShape#DEAD_POOLED_CONNECTION} the first call on each connection is not, since it is
   * answered.
   *
   * @return whether they were in time
   * @throws UnsupportedOperationException for {@link HangShape#CONNECT_NEVER_COMPLETES} on systems
   *     other than Linux, whose kernels do not tell
   */
  boolean awaitMet(int atLeast, Duration within) throws InterruptedException;

  /** The requests that arrived, oldest first; none from calls that never got so far. */
  List<LlmRequest> requests();

  /**
   * Answers new calls from now on. Calls that hang go on to hang, all but a connect that waits: its
   * kernel tries again after at most about as long as it has waited, and gets through. A second
   * call does nothing, nor does one after {@link #close()}.
   *
   * @throws java.io.UncheckedIOException if another process has taken the port at the instant in
   *     which it changes hands, which it does for {@link HangShape#CONNECT_NEVER_COMPLETES} and
   *     {@link HangShape#HANDSHAKE_NEVER_ANSWERED} alone
   */
  void recover();

  /**
   * Answers correctly the calls of {@link HangShape#ANSWERS_LATE} that wait now; does nothing for
   * other shapes.
   */
  void answerLate();

  /**
   * Fails the calls of {@link HangShape#ANSWERS_LATE} that wait now, with a status 503; does
   * nothing for other shapes.
   */
  void failLate();

  /**
   * Ends every connection and every thread, and frees the port. A connect that hangs is refused at
   * its kernel's next try. A second call does nothing.
   */
  @Override
  void close();
}
