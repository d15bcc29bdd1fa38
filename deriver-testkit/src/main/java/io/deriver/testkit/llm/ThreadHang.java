package io.deriver.testkit.llm;

/**
 * The ways in which {@link HangingLlm} keeps the thread that called it, or breaks it.
 *
 * <p>What holds: a thread that is kept stays so until the fake is closed; until {@link
 * HangingLlm#answerLate()} for the late ones; or until it is interrupted, where {@link
 * #freedByInterrupt()} says so.
 */
public enum ThreadHang {
  /** Joins a future that nobody completes. */
  FUTURE_JOINED(
      13, "a callback that never fires, joined", "langchain4j#6141, quarkus-langchain4j#1968"),

  /** Waits with {@code Future.get} for a future that nobody completes. */
  FUTURE_GET(
      13, "a callback that never fires, Future.get", "langchain4j#6141, quarkus-langchain4j#1968"),

  /** Catches the interrupt and waits again. */
  INTERRUPT_SWALLOWED(
      14,
      "the interrupt is swallowed and the call retried",
      "okhttp#1051, databricks-sdk-java#272"),

  /** {@code Lock.lock()} on a lock that another thread holds. */
  LOCK(15, "waits for a lock, uninterruptibly", "httpcore#1093, onyx#13294"),

  /** {@code synchronized} on a monitor that another thread holds. */
  MONITOR(15, "waits for a monitor, uninterruptibly", "httpcore#1093, onyx#13294"),

  /** {@code Semaphore.acquireUninterruptibly()}, as an exhausted connection pool does. */
  SEMAPHORE(15, "waits for a connection pool, uninterruptibly", "httpcore#1093, onyx#13294"),

  /** A loop that waits for nothing; takes a processor core. */
  CPU_SPIN(18, "CPU spin in a loop", "llama_index#22334"),

  /** A regular expression that backtracks for ages; takes a processor core. */
  REGEX_SPIN(18, "CPU spin in a regular expression", "llama_index#22334"),

  /** Throws a StackOverflowError, from a real recursion. */
  STACK_OVERFLOW(21, "throws StackOverflowError", "-"),

  /** Throws an OutOfMemoryError; the memory is not used, so that the JVM's own hooks stay quiet. */
  OUT_OF_MEMORY(21, "throws OutOfMemoryError", "-"),

  /** Throws a NoClassDefFoundError. */
  LINKAGE(21, "throws LinkageError", "-"),

  /** Ignores interrupts and answers correctly when the test says so. */
  LATE_SUCCESS(22, "answers after the deadline: a late success", "-"),

  /** Ignores interrupts and fails when the test says so. */
  LATE_FAILURE(22, "answers after the deadline: a late failure", "-");

  private final int number;
  private final String description;
  private final String seenIn;

  ThreadHang(int number, String description, String seenIn) {
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

  /** Where it was reported: {@code project#issue}, separated by commas; a dash for nowhere. */
  public String seenIn() {
    return seenIn;
  }

  /** Whether an interrupt ends it. */
  public boolean freedByInterrupt() {
    return this == FUTURE_GET;
  }

  /** Whether it keeps the thread at all; the others throw an Error at once. */
  public boolean keepsThread() {
    return number != 21;
  }
}
