package io.deriver;

/** Says that no further attempt can succeed: by default the unit is dead-lettered at once. */
public final class PermanentFailureException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public PermanentFailureException(String message) {
    super(message);
  }

  public PermanentFailureException(String message, Throwable cause) {
    super(message, cause);
  }
}
