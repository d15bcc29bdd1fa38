package io.deriver;

/**
 * Thrown by a processor to say that no further attempt can succeed: the {@linkplain
 * FailurePolicy#standard() standard policy} dead-letters the unit at once.
 */
public final class PermanentFailureException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** For a failure that the processor found by itself. */
  public PermanentFailureException(String message) {
    super(message);
  }

  /** For a failure that something else threw. */
  public PermanentFailureException(String message, Throwable cause) {
    super(message, cause);
  }
}
