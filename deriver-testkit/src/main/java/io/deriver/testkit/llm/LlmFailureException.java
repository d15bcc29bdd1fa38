package io.deriver.testkit.llm;

/** What {@link HangingLlm} throws where a real client would report a failed call. */
public final class LlmFailureException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LlmFailureException(String message) {
    super(message);
  }
}
