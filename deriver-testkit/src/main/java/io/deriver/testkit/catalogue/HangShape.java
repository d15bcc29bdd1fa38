package io.deriver.testkit.catalogue;

import static io.deriver.testkit.catalogue.Place.CLIENT;
import static io.deriver.testkit.catalogue.Place.DATABASE;
import static io.deriver.testkit.catalogue.Place.NETWORK;
import static io.deriver.testkit.catalogue.Place.PROCESS;

import java.util.List;

/**
 * The ways in which calls of background work were seen to hang, or to end badly: what it is, where
 * it was reported, and what is to come of a run that meets it.
 *
 * <p>What holds: the testkit can make each of them. {@link Place} says where, and with what. {@link
 * #number()} stays with its shape in all later versions.
 */
@SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed
public enum HangShape {
  CONNECT_NEVER_COMPLETES(
      1,
      NETWORK,
      "connect never completes",
      "The host is there and its queue for new connections is full, so a connect is not answered.",
      Expected.FREED,
      "okhttp#6611"),
  NAME_LOOKUP_NEVER_RETURNS(
      2,
      CLIENT,
      "name lookup never returns",
      "The system's resolver is asked for an address and does not come back.",
      Expected.ABANDONED,
      "openj9#22409"),
  HANDSHAKE_NEVER_ANSWERED(
      3,
      NETWORK,
      "TLS handshake never answered",
      "The connection is accepted, and the first message of TLS is met with silence.",
      Expected.FREED,
      "conscrypt#864",
      "jetty#13962"),
  HEADERS_NEVER_COME(
      4,
      NETWORK,
      "headers never come",
      "The request is taken, and not a byte comes back.",
      Expected.FREED,
      "openai-python#3054",
      "python-genai#1893",
      "java-genai#548"),
  TIMEOUT_IGNORED(
      5,
      CLIENT,
      "client ignores its own timeout",
      "A timeout is configured, and the client does not apply it.",
      Expected.ABANDONED,
      "java-genai#520",
      "litellm#26939"),
  BODY_STALLS(
      6,
      NETWORK,
      "body stalls",
      "Status, headers and the first bytes of the body come, then silence.",
      Expected.FREED,
      "JDK-8208693",
      "OpenFeign#3068",
      "mateclaw#585"),
  STREAM_NEVER_ENDS(
      7,
      NETWORK,
      "answer complete, stream never ends",
      "The whole answer and its end marker come, but the body is never ended: the outage's shape.",
      Expected.FREED,
      "pi#7954",
      "agentscope-java#2073"),
  KEEP_ALIVES_FOR_EVER(
      8,
      NETWORK,
      "keep-alives for ever",
      "Comments or pings come for ever and no content, so that no read timeout fires.",
      Expected.FREED,
      "opencode#43519",
      "anthropic-sdk-typescript#998"),
  TOKENS_DRIP_FOR_EVER(
      9,
      NETWORK,
      "content drips for ever",
      "Valid content comes for ever, a word at a time, so that no idle limit fires.",
      Expected.FREED,
      "qwen-code#9945"),
  ENDLESS_OUTPUT(
      10,
      NETWORK,
      "endless fast output",
      "Valid content comes for ever, as fast as it is read.",
      Expected.FREED,
      "vllm#40080"),
  HALF_OPEN(
      11,
      NETWORK,
      "peer gone without a word (half-open)",
      "The peer vanished and nobody said so: neither FIN nor RST ever comes.",
      Expected.FREED,
      "bun#30627",
      "pgjdbc#1508"),
  STREAM_TRUNCATED(
      12,
      NETWORK,
      "stream cut short, ended cleanly",
      "Half an answer, then a clean end of the body without the end marker. It must not pass for a"
          + " whole one.",
      Expected.FAILS,
      "litellm#39898"),
  CALLBACK_NEVER_FIRES(
      13,
      CLIENT,
      "callback never fires",
      "The thread waits for a future that nobody completes.",
      Expected.ABANDONED,
      "langchain4j#6141",
      "quarkus-langchain4j#1968"),
  INTERRUPT_SWALLOWED(
      14,
      CLIENT,
      "interrupt swallowed, call repeated",
      "The client catches the interrupt and tries again.",
      Expected.ABANDONED,
      "okhttp#1051",
      "databricks-sdk-java#272"),
  LOCK_NEVER_FREE(
      15,
      CLIENT,
      "waits for a lock, uninterruptibly",
      "A lock, a monitor or the permit of a connection pool is held by somebody who does not let"
          + " go.",
      Expected.ABANDONED,
      "httpcore#1093",
      "onyx#13294"),
  CARRIER_PINNED(
      16,
      CLIENT,
      "virtual thread keeps its carrier",
      "Virtual threads wait inside synchronized blocks (before Java 24) or spin, until no carrier is"
          + " left for the others.",
      Expected.ABANDONED,
      "okhttp#9287",
      "morphium#234"),
  RETRY_AFTER_DAYS(
      17,
      NETWORK,
      "`Retry-After: 277403`",
      "Status 429 each time, with days to wait; the client obeys, or repeats the call by itself.",
      Expected.FAILS,
      "pi#6911"),
  CPU_SPIN(
      18,
      CLIENT,
      "CPU spin",
      "A loop or a regular expression that does not end and looks at nothing.",
      Expected.ABANDONED,
      "llama_index#22334"),
  CLOSE_HANGS(
      19,
      CLIENT,
      "close() hangs too",
      "What was registered to end the call hangs as the call does.",
      Expected.ABANDONED,
      "ews-java-api#495"),
  DEAD_POOLED_CONNECTION(
      20,
      NETWORK,
      "dead pooled connection",
      "A connection died in the client's pool, and each call that gets it hangs.",
      Expected.FREED,
      "okhttp#3146",
      "reactor-netty#1510"),
  ERROR_THROWN(
      21,
      CLIENT,
      "throws an Error",
      "StackOverflowError, OutOfMemoryError or NoClassDefFoundError instead of an answer.",
      Expected.FAILS),
  ANSWERS_LATE(
      22,
      NETWORK,
      "answers after the limit",
      "A correct answer, or an error, after the run was ended.",
      Expected.LATE),
  CHILD_THREAD_LEFT(
      23,
      CLIENT,
      "returns, leaves a thread at work",
      "The answer is there, and a thread that nobody waits for works on.",
      Expected.ENDS),
  PROCESS_ENDS(
      24,
      PROCESS,
      "ends the process",
      "Runtime.halt, kill -9, or memory that ran out.",
      Expected.TAKEN_OVER),
  DATABASE_HANGS(
      25,
      DATABASE,
      "database call hangs or dies",
      "The database stops answering, or the connection dies between two statements.",
      Expected.WRITTEN_ONCE,
      "pgjdbc#750",
      "pgjdbc#1144",
      "pgjdbc#1508");

  private final int number;
  private final Place place;
  private final String title;
  private final String description;
  private final Expected expected;
  private final List<String> seenIn;

  HangShape(
      int number,
      Place place,
      String title,
      String description,
      Expected expected,
      String... seenIn) {
    this.number = number;
    this.place = place;
    this.title = title;
    this.description = description;
    this.expected = expected;
    this.seenIn = List.of(seenIn);
  }

  /** 1 to 25, in the order of the list. */
  public int number() {
    return number;
  }

  /** Where it is made. */
  public Place place() {
    return place;
  }

  /** A few words, as tables and reports show them. */
  public String title() {
    return title;
  }

  /** A sentence or two, with a full stop. */
  public String description() {
    return description;
  }

  /** What is to come of a run that meets it in a well-written processor. */
  public Expected expected() {
    return expected;
  }

  /** Public reports, as {@code repository#number}; empty if it is common knowledge. */
  public List<String> seenIn() {
    return seenIn;
  }

  IllegalArgumentException notMadeOn(Place asked) {
    return new IllegalArgumentException(
        "shape is %s; its place is %s, and here it must be %s".formatted(this, place, asked));
  }
}
