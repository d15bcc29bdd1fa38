package io.deriver.testkit.llm;

/**
 * The ways in which {@link FakeLlmServer} does not answer. Each was reported in public of a real
 * client or provider, at the places that its line names.
 *
 * <p>What holds: the socket stays open until the client closes it, the server is closed, or {@link
 * FakeLlmServer#letGo()} is called. Those that are not {@link #keepsOpen()} answer at once: there
 * it is the client that hangs, or that takes half an answer for a whole one.
 */
public enum ServerHang {
  /**
   * The request is taken, and not a byte comes back (openai-python#3054, python-genai#1893,
   * java-genai#548).
   */
  HEADERS_NEVER_COME,

  /**
   * Status, headers and the first bytes of a body, then silence (JDK-8208693, OpenFeign#3068,
   * mateclaw#585).
   */
  BODY_STALLS,

  /**
   * The whole answer and its end marker, but the HTTP body is never ended: the outage's shape
   * (pi#7954, agentscope-java#2073).
   */
  STREAM_NEVER_ENDS,

  /**
   * Comments or pings for ever and no content, so that no read timeout fires (opencode#43519,
   * anthropic-sdk-typescript#998).
   */
  KEEP_ALIVES_FOR_EVER,

  /** Valid content for ever, a word at a time, so that no idle limit fires (qwen-code#9945). */
  TOKENS_DRIP_FOR_EVER,

  /**
   * Valid content for ever, as fast as the client reads it (vllm#40080). What is sent is made once:
   * the memory that grows is the client's.
   */
  ENDLESS_OUTPUT,

  /**
   * Status, headers and the first bytes of a body; then this side is as good as gone: it neither
   * reads nor writes, and does not notice that the client leaves (bun#30627, pgjdbc#1508). It
   * approximates a peer that vanished without FIN or RST: its kernel still acknowledges, so
   * keep-alive probes of TCP do not find it out.
   */
  HALF_OPEN,

  /**
   * The first call on a connection is answered, each later one on the same connection is read and
   * met with silence: a connection that died in the client's pool (okhttp#3146,
   * reactor-netty#1510).
   */
  REUSED_CONNECTION_HANGS,

  /**
   * Some content, then a clean end of the body without the end marker: half an answer that a client
   * may pass off as a whole one (litellm#39898).
   */
  STREAM_TRUNCATED,

  /** Status 429 with {@code Retry-After: 277403}, each time (pi#6911). */
  RETRY_AFTER_DAYS;

  /** Whether the server leaves the call open; the others end it at once. */
  public boolean keepsOpen() {
    return this != STREAM_TRUNCATED && this != RETRY_AFTER_DAYS;
  }
}
