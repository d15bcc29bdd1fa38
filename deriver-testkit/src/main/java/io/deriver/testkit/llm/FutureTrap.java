package io.deriver.testkit.llm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A future that nobody completes: joined, which ignores interrupts, or waited for with get(). */
final class FutureTrap implements Trap {

  private final CompletableFuture<Boolean> never = new CompletableFuture<>();
  private final boolean joined;

  FutureTrap(boolean joined) {
    this.joined = joined;
  }

  @Override
  public void enter() throws InterruptedException {
    if (joined) {
      boolean unused = never.join();
      return;
    }
    try {
      boolean unused = never.get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("it is completed with a value only", impossible);
    }
  }

  /** A copy that a caller may cancel without harm to the others. */
  CompletableFuture<Boolean> future() {
    return never.copy();
  }

  @Override
  public void open() {
    never.complete(true);
  }
}
