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

  /** A loop that waits for nothing; takes a processor core (llama_index#22334). */
  CPU_SPIN,

  /** A regular expression that backtracks for ages; takes a processor core (llama_index#22334). */
  REGEX_SPIN,

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

  /** Whether it keeps the thread at all; the others throw an Error at once. */
  public boolean keepsThread() {
    return this != STACK_OVERFLOW && this != OUT_OF_MEMORY && this != LINKAGE;
  }
}
