package io.deriver.testkit.llm;

/**
 * The ways in which {@link HangingLlm} keeps the thread that called it, or breaks it. Where one was
 * reported in public of a real client, its line names the place.
 *
 * <p>What holds: a thread that is kept stays so until the fake is closed; until {@link
 * HangingLlm#answerLate()} for the late ones; or until it is interrupted, where {@link
 * #freedByInterrupt()} says so.
 */
public enum ThreadHang {
  /** Joins a future that nobody completes (langchain4j#6141, quarkus-langchain4j#1968). */
  FUTURE_JOINED,

  /**
   * Waits with {@code Future.get} for a future that nobody completes (langchain4j#6141,
   * quarkus-langchain4j#1968).
   */
  FUTURE_GET,

  /**
   * Waits for a name to be looked up, uninterruptibly; those behind the first wait for its lock
   * (openj9#22409).
   */
  NAME_LOOKUP,

  /**
   * Waits uninterruptibly, whatever limit {@link HangingLlm#complete(String, java.time.Duration)}
   * was given: the client dropped it (java-genai#520, litellm#26939).
   */
  LIMIT_IGNORED,

  /** Catches the interrupt and waits again (okhttp#1051, databricks-sdk-java#272). */
  INTERRUPT_SWALLOWED,

  /** {@code Lock.lock()} on a lock that another thread holds (httpcore#1093, onyx#13294). */
  LOCK,

  /** {@code synchronized} on a monitor that another thread holds (httpcore#1093, onyx#13294). */
  MONITOR,

  /**
   * {@code Semaphore.acquireUninterruptibly()}, as an exhausted connection pool does
   * (httpcore#1093, onyx#13294).
   */
  SEMAPHORE,

  /**
   * Waits uninterruptibly inside {@code synchronized}. Before Java 24 that pins a virtual thread to
   * its carrier, which no other can use meanwhile (okhttp#9287, morphium#234). {@link #CPU_SPIN}
   * takes a carrier on every version.
   */
  PINNED,

  /**
   * Waits uninterruptibly, and so does {@link HangingLlm#cancel} for this call (ews-java-api#495).
   */
  CLOSE_HANGS,

  /** A loop that waits for nothing; takes a processor core (llama_index#22334). */
  CPU_SPIN,

  /** A regular expression that backtracks for ages; takes a processor core (llama_index#22334). */
  REGEX_SPIN,

  /**
   * Answers at once and correctly, and leaves a thread at work that nobody waits for; it shows in
   * {@link HangingLlm#held()}.
   */
  CHILD_LEFT,

  /** Throws a StackOverflowError, from a real recursion. */
  STACK_OVERFLOW,

  /** Throws an OutOfMemoryError; the memory is not used, so that the JVM's own hooks stay quiet. */
  OUT_OF_MEMORY,

  /** Throws a NoClassDefFoundError. */
  LINKAGE,

  /** Ignores interrupts and answers correctly when the test says so. */
  LATE_SUCCESS,

  /** Ignores interrupts and fails when the test says so. */
  LATE_FAILURE;

  /** Whether an interrupt ends it. */
  public boolean freedByInterrupt() {
    return this == FUTURE_GET;
  }

  /** Whether it keeps its caller's thread; the others answer, or throw an Error, at once. */
  public boolean keepsThread() {
    return this != CHILD_LEFT && !throwsError();
  }

  /** Whether it throws an Error at once. */
  public boolean throwsError() {
    return this == STACK_OVERFLOW || this == OUT_OF_MEMORY || this == LINKAGE;
  }
}
