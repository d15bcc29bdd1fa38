package io.deriver;

/**
 * Thrown by a processor to say that no further attempt can succeed: the {@linkplain
 * FailurePolicy#standard() standard policy} dead-letters an item that is alone in its unit at once,
 * and else tries smaller units, without rest, until it is.
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
