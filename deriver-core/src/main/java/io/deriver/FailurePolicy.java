package io.deriver;

/**
 * Decides what an exception of a processor means for its unit. Runs on the run's own thread, under
 * its limits. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface FailurePolicy {

  /**
   * The default: payloads that cannot be decoded, {@link PermanentFailureException} and {@link
   * LinkageError} go to the dead letters at once, as {@link Verdict#PERMANENT} says; everything
   * else is tried again after {@link Limits#backoff()}, until the attempts are used up.
   */
  static FailurePolicy standard() {
    return (error, attempt) ->
        error instanceof PermanentFailureException || error instanceof LinkageError
            ? Verdict.PERMANENT
            : Verdict.RETRY;
  }

  /**
   * Classifies a failure. If this throws, the failure counts as {@link Verdict#RETRY}.
   *
   * @param error what the processor threw
   * @param attempt 1 for the first
   */
  Verdict classify(Throwable error, int attempt);

  /** What a failure means. */
  enum Verdict {
    /** Another attempt may do better: back off, then try again while attempts are left. */
    RETRY,
    /**
     * No attempt can do better: dead-letter an item that is alone in its unit now. Of several, the
     * older half is tried without rest, until the one at fault is alone.
     */
    PERMANENT,
    /** Not the unit's fault: back off and try again; the attempt does not count. */
    RELEASE
  }
}
