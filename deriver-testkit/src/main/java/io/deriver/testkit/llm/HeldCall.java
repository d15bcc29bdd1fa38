package io.deriver.testkit.llm;

import java.util.Objects;

/**
 * A thread that {@link HangingLlm} keeps right now.
 *
 * @param thread who called, or was left behind
 * @param shape what keeps it
 * @param prompt what it asked
 */
public record HeldCall(Thread thread, ThreadHang shape, String prompt) {
  public HeldCall {
    Objects.requireNonNull(thread, "thread");
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(prompt, "prompt");
  }
}
