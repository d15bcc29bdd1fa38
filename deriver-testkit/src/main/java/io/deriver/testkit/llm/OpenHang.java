package io.deriver.testkit.llm;

import java.util.Objects;

/**
 * A call that hangs right now.
 *
 * @param request the call
 * @param shape how it hangs
 */
public record OpenHang(LlmRequest request, ServerHang shape) {
  public OpenHang {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(shape, "shape");
  }
}
