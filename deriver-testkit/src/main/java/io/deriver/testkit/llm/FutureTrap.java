package io.deriver.testkit.llm;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A future that nobody completes: joined, which ignores interrupts, or waited for with get(). */
final class FutureTrap implements ThreadTrap {

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

  /**
   * Waits for so long at most, joined or not.
   *
   * @return whether the trap was opened meanwhile
   */
  boolean enter(Duration limit) throws InterruptedException {
    try {
      return never.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException over) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("it is completed with a value only", impossible);
    }
  }

  /** Whether somebody may wait for a copy. */
  boolean isAwaited() {
    return never.getNumberOfDependents() > 0;
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
