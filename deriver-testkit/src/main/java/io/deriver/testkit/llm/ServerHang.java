package io.deriver.testkit.llm;

/**
 * The ways in which {@link FakeLlmServer} does not answer. Each was reported in public of a real
 * client or provider.
 *
 * <p>What holds: the socket stays open until the client closes it, the server is closed, or {@link
 * FakeLlmServer#letGo()} is called. {@link #RETRY_AFTER_DAYS} alone answers at once: there it is
 * the client that hangs.
 */
public enum ServerHang {
  /** The request is taken, and not a byte comes back. */
  HEADERS_NEVER_COME(
      4, "accepted, headers never come", "openai-python#3054, python-genai#1893, java-genai#548"),

  /** Status, headers and the first bytes of a body, then silence. */
  BODY_STALLS(
      6, "the body stalls after the first bytes", "JDK-8208693, OpenFeign#3068, mateclaw#585"),

  /** The whole answer and its end marker, but the HTTP body is never ended: the outage's shape. */
  STREAM_NEVER_ENDS(
      7, "the answer is complete, the stream never ends", "pi#7954, agentscope-java#2073"),

  /** Comments or pings for ever and no content, so that no read timeout fires. */
  KEEP_ALIVES_FOR_EVER(
      8, "keep-alive comments or pings for ever", "opencode#43519, anthropic-sdk-typescript#998"),

  /** Valid content for ever, a word at a time, so that no idle limit fires. */
  TOKENS_DRIP_FOR_EVER(9, "tokens drip for ever", "qwen-code#9945"),

  /** Status 429 with {@code Retry-After: 277403}, each time. */
  RETRY_AFTER_DAYS(17, "429 with a Retry-After of days, each time", "pi#6911");

  private final int number;
  private final String description;
  private final String seenIn;

  ServerHang(int number, String description, String seenIn) {
    this.number = number;
    this.description = description;
    this.seenIn = seenIn;
  }

  /** Its number in deriver's list of hangs. */
  public int number() {
    return number;
  }

  /** What happens, in a few words. */
  public String description() {
    return description;
  }

  /** Where it was reported: {@code project#issue}, separated by commas. */
  public String seenIn() {
    return seenIn;
  }
}
