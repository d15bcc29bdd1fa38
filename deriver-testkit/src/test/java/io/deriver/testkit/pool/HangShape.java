package io.deriver.testkit.pool;

import io.deriver.Limits;
import io.deriver.testkit.llm.ServerHang;
import io.deriver.testkit.llm.ThreadHang;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The ways to hang that a loop, a lock, a future or a loopback socket can make. Beside each stands
 * what must come of it: the limit that ends the run, and what its stack shows.
 */
@SuppressWarnings("ImmutableEnumChecker") // what makes a hang keeps nothing
enum HangShape {
  CONNECT(
      "connect never completes",
      EndedBy.FIRST_PROGRESS,
      "UnreachedHang.enter",
      UnreachedHang::connecting),
  LOOKUP("name lookup never returns", ThreadHang.NAME_LOOKUP, "LookupTrap.enter"),
  HANDSHAKE(
      "TLS handshake never answered",
      EndedBy.FIRST_PROGRESS,
      "UnreachedHang.shakeHands",
      UnreachedHang::shakingHands),
  NO_HEADERS("headers never come", ServerHang.HEADERS_NEVER_COME, EndedBy.FIRST_PROGRESS),
  LIMIT_IGNORED("client ignores its own limit", ThreadHang.LIMIT_IGNORED, "SemaphoreTrap.enter"),
  BODY_STALLS("body stalls after its first bytes", ServerHang.BODY_STALLS, EndedBy.IDLE),
  STREAM_NEVER_ENDS(
      "answer complete, stream never ends", ServerHang.STREAM_NEVER_ENDS, EndedBy.IDLE),
  KEEP_ALIVES("keep-alives for ever, no content", ServerHang.KEEP_ALIVES_FOR_EVER, EndedBy.IDLE),
  DRIP("content drips for ever", ServerHang.TOKENS_DRIP_FOR_EVER, EndedBy.TIMEOUT),
  FLOOD("endless fast output", ServerHang.ENDLESS_OUTPUT, EndedBy.TIMEOUT),
  HALF_OPEN("peer gone without a word (half-open)", ServerHang.HALF_OPEN, EndedBy.IDLE),
  JOIN("future joined, never completed", ThreadHang.FUTURE_JOINED, "CompletableFuture.join"),
  GET("`Future.get`, never completed", ThreadHang.FUTURE_GET, "CompletableFuture.get"),
  SWALLOWED(
      "interrupt swallowed, waits again", ThreadHang.INTERRUPT_SWALLOWED, "SwallowingTrap.enter"),
  LOCK("`Lock.lock()`, held by another", ThreadHang.LOCK, "ReentrantLock.lock"),
  MONITOR("`synchronized`, held by another", ThreadHang.MONITOR, "LockTrap.enter"),
  SEMAPHORE(
      "exhausted pool, waits uninterruptibly",
      ThreadHang.SEMAPHORE,
      "Semaphore.acquireUninterruptibly"),
  PINNED("waits inside `synchronized`", ThreadHang.PINNED, "PinTrap.enter"),
  RETRY_AFTER(
      "`Retry-After: 277403` obeyed",
      EndedBy.FIRST_PROGRESS,
      "ServedHang.waitAsTold",
      () -> new ServedHang(ServerHang.RETRY_AFTER_DAYS, ServedHang::waitAsTold)),
  SPIN("CPU spin, a loop", ThreadHang.CPU_SPIN, "SpinTrap.loop"),
  REGEX("CPU spin, a regular expression", ThreadHang.REGEX_SPIN, "java.util.regex"),
  CLOSE_HANGS("call hangs, its `close()` too", ThreadHang.CLOSE_HANGS, "SemaphoreTrap.enter"),
  DISCONNECT_HANGS(
      "`HttpURLConnection`, body stalled; `disconnect()` hangs too",
      EndedBy.IDLE,
      ".transferTo",
      () -> new ServedHang(ServerHang.BODY_STALLS, ServedHang::readWithUrlConnection)),
  DEAD_CONNECTION(
      "dead pooled connection",
      EndedBy.IDLE,
      "ServedHang.askAgain",
      () -> new ServedHang(ServerHang.REUSED_CONNECTION_HANGS, ServedHang::askAgain));

  /** How long a run goes on in its shape. */
  static final Duration LIMIT = Duration.ofMillis(250);

  private static final Duration FAR = Duration.ofMinutes(5);

  /** The limit that ends it. */
  enum EndedBy {
    TIMEOUT("timeout"),
    IDLE("idleTimeout"),
    FIRST_PROGRESS("firstProgressTimeout");

    private final String setting;

    EndedBy(String setting) {
      this.setting = setting;
    }

    /** The setting's name, as the host knows it. */
    String setting() {
      return setting;
    }

    /** Only this limit can end a run that keeps telling of content, or never tells of any. */
    void set(Limits.Builder limits) {
      switch (this) {
        case TIMEOUT -> limits.timeout(LIMIT).idleTimeout(LIMIT);
        case IDLE -> limits.timeout(FAR).idleTimeout(LIMIT);
        case FIRST_PROGRESS -> limits.timeout(FAR).idleTimeout(FAR).firstProgressTimeout(LIMIT);
      }
    }
  }

  private final String words;
  private final EndedBy endedBy;
  private final String frame;
  private final Supplier<Hang> hang;

  HangShape(String words, EndedBy endedBy, String frame, Supplier<Hang> hang) {
    this.words = words;
    this.endedBy = endedBy;
    this.frame = frame;
    this.hang = hang;
  }

  HangShape(String words, ThreadHang shape, String frame) {
    this(words, EndedBy.TIMEOUT, frame, () -> new LlmHang(shape));
  }

  HangShape(String words, ServerHang shape, EndedBy endedBy) {
    this(words, endedBy, "PlainClient.stream", () -> new ServedHang(shape, ServedHang::readStream));
  }

  /** As the documentation names it. */
  String words() {
    return words;
  }

  EndedBy endedBy() {
    return endedBy;
  }

  /** What the stack of a thread that hangs in it shows. */
  String frame() {
    return frame;
  }

  Hang open() {
    return hang.get();
  }

  /** Whether a virtual thread that hangs in it keeps its carrier from all others. */
  boolean holdsItsCarrier(int javaVersion) {
    return switch (this) {
      case SPIN, REGEX -> true;
      case MONITOR, PINNED -> javaVersion < 24;
      default -> false;
    };
  }
}
