package io.deriver.internal.pool;

import io.deriver.Outcome;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What a stage came to. */
record StageResult(@Nullable Outcome outcome, @Nullable Throwable error) {

  static StageResult of(@Nullable Outcome outcome, @Nullable Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : null;
    return new StageResult(outcome, cause == null ? error : cause);
  }

  /**
   * As a processor on a thread would have given it.
   *
   * @throws Throwable what the stage failed with
   */
  @Nullable Outcome get() throws Throwable {
    if (error != null) {
      throw error;
    }
    return outcome;
  }
}
