package io.deriver.quickstart.llm;

/**
 * Where a call leaves what would free it. Whoever runs the call may use that to end it, or not: the
 * pools of the first two acts have no use for it.
 */
@FunctionalInterface
public interface CancelHook {

  /** For callers that never cancel. */
  CancelHook NONE = freeing -> () -> {};

  /**
   * Takes what frees the call.
   *
   * @return takes it back, once the call has ended
   */
  Runnable onCancel(Runnable freeing);
}
