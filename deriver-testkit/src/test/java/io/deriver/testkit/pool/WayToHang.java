package io.deriver.testkit.pool;

import io.deriver.Limits;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.llm.ServerHang;
import io.deriver.testkit.llm.ThreadHang;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The ways in which a run hangs that meets a {@link HangShape} of the catalogue, one or several for
 * each shape that hangs in this process. Beside each stands what must come of it: the limit that
 * ends the run, and what its stack shows.
 */
@SuppressWarnings("ImmutableEnumChecker") // what makes a hang keeps nothing
enum WayToHang {
  CONNECT(
      HangShape.CONNECT_NEVER_COMPLETES,
      "connect never completes",
      EndedBy.FIRST_PROGRESS,
      "UnreachedHang.enter",
      UnreachedHang::connecting),
  LOOKUP(
      HangShape.NAME_LOOKUP_NEVER_RETURNS,
      "name lookup never returns",
      ThreadHang.NAME_LOOKUP,
      "LookupTrap.enter"),
  HANDSHAKE(
      HangShape.HANDSHAKE_NEVER_ANSWERED,
      "TLS handshake never answered",
      EndedBy.FIRST_PROGRESS,
      "UnreachedHang.shakeHands",
      UnreachedHang::shakingHands),
  NO_HEADERS(
      HangShape.HEADERS_NEVER_COME,
      "headers never come",
      ServerHang.HEADERS_NEVER_COME,
      EndedBy.FIRST_PROGRESS),
  LIMIT_IGNORED(
      HangShape.TIMEOUT_IGNORED,
      "client ignores its own timeout",
      ThreadHang.LIMIT_IGNORED,
      "SemaphoreTrap.enter"),
  BODY_STALLS(HangShape.BODY_STALLS, "body stalls", ServerHang.BODY_STALLS, EndedBy.IDLE),
  STREAM_NEVER_ENDS(
      HangShape.STREAM_NEVER_ENDS,
      "answer complete, stream never ends",
      ServerHang.STREAM_NEVER_ENDS,
      EndedBy.IDLE),
  KEEP_ALIVES(
      HangShape.KEEP_ALIVES_FOR_EVER,
      "keep-alives for ever",
      ServerHang.KEEP_ALIVES_FOR_EVER,
      EndedBy.IDLE),
  DRIP(
      HangShape.TOKENS_DRIP_FOR_EVER,
      "content drips for ever",
      ServerHang.TOKENS_DRIP_FOR_EVER,
      EndedBy.TIMEOUT),
  FLOOD(
      HangShape.ENDLESS_OUTPUT, "endless fast output", ServerHang.ENDLESS_OUTPUT, EndedBy.TIMEOUT),
  HALF_OPEN(
      HangShape.HALF_OPEN,
      "peer gone without a word (half-open)",
      ServerHang.HALF_OPEN,
      EndedBy.IDLE),
  JOIN(
      HangShape.CALLBACK_NEVER_FIRES,
      "future joined, never completed",
      ThreadHang.FUTURE_JOINED,
      "CompletableFuture.join"),
  GET(
      HangShape.CALLBACK_NEVER_FIRES,
      "`Future.get`, never completed",
      ThreadHang.FUTURE_GET,
      "CompletableFuture.get"),
  SWALLOWED(
      HangShape.INTERRUPT_SWALLOWED,
      "interrupt swallowed, waits again",
      ThreadHang.INTERRUPT_SWALLOWED,
      "SwallowingTrap.enter"),
  LOCK(
      HangShape.LOCK_NEVER_FREE,
      "`Lock.lock()`, held by another",
      ThreadHang.LOCK,
      "ReentrantLock.lock"),
  MONITOR(
      HangShape.LOCK_NEVER_FREE,
      "`synchronized`, held by another",
      ThreadHang.MONITOR,
      "LockTrap.enter"),
  SEMAPHORE(
      HangShape.LOCK_NEVER_FREE,
      "exhausted pool, waits uninterruptibly",
      ThreadHang.SEMAPHORE,
      "Semaphore.acquireUninterruptibly"),
  PINNED(
      HangShape.CARRIER_PINNED, "waits inside `synchronized`", ThreadHang.PINNED, "PinTrap.enter"),
  RETRY_AFTER(
      HangShape.RETRY_AFTER_DAYS,
      "`Retry-After: 277403` obeyed",
      EndedBy.FIRST_PROGRESS,
      "ServedHang.waitAsTold",
      () -> new ServedHang(ServerHang.RETRY_AFTER_DAYS, ServedHang::waitAsTold)),
  SPIN(HangShape.CPU_SPIN, "CPU spin, a loop", ThreadHang.CPU_SPIN, "SpinTrap.loop"),
  REGEX(
      HangShape.CPU_SPIN,
      "CPU spin, a regular expression",
      ThreadHang.REGEX_SPIN,
      "java.util.regex"),
  CLOSE_HANGS(
      HangShape.CLOSE_HANGS,
      "call hangs, its `close()` too",
      ThreadHang.CLOSE_HANGS,
      "SemaphoreTrap.enter"),
  DISCONNECT_HANGS(
      HangShape.CLOSE_HANGS,
      "`HttpURLConnection`, body stalled; `disconnect()` hangs too",
      EndedBy.IDLE,
      ".transferTo",
      () -> new ServedHang(ServerHang.BODY_STALLS, ServedHang::readWithUrlConnection)),
  DEAD_CONNECTION(
      HangShape.DEAD_POOLED_CONNECTION,
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

  private final HangShape shape;
  private final String words;
  private final EndedBy endedBy;
  private final String frame;
  private final Supplier<Hang> hang;

  WayToHang(HangShape shape, String words, EndedBy endedBy, String frame, Supplier<Hang> hang) {
    this.shape = shape;
    this.words = words;
    this.endedBy = endedBy;
    this.frame = frame;
    this.hang = hang;
  }

  WayToHang(HangShape shape, String words, ThreadHang variant, String frame) {
    this(shape, words, EndedBy.TIMEOUT, frame, () -> new LlmHang(variant));
  }

  WayToHang(HangShape shape, String words, ServerHang hang, EndedBy endedBy) {
    this(
        shape,
        words,
        endedBy,
        "PlainClient.stream",
        () -> new ServedHang(hang, ServedHang::readStream));
  }

  /** What the catalogue calls it. */
  HangShape shape() {
    return shape;
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
