package io.deriver.testkit.llm;

/**
 * The ways in which {@link FakeLlmServer} does not answer. Each was reported in public of a real
 * client or provider, at the places that its line names.
 *
 * <p>What holds: the socket stays open until the client closes it, the server is closed, or {@link
 * FakeLlmServer#letGo()} is called. {@link #RETRY_AFTER_DAYS} alone answers at once: there it is
 * the client that hangs.
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

  /** Status 429 with {@code Retry-After: 277403}, each time (pi#6911). */
  RETRY_AFTER_DAYS
}
