package io.deriver.testkit.llm;

/** A call that no rule is asked about: it breaks HTTP or the dialect. */
final class BadCallException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;

  BadCallException(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
