package io.deriver;

/** Thrown inside a processor that asked whether its run is still live, and it is not. */
public final class RunCancelledException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RunCancelledException(String message) {
    super(message);
  }
}
