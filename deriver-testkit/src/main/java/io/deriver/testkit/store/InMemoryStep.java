package io.deriver.testkit.store;

import io.deriver.spi.CompletionStep;

/**
 * A step of {@link InMemoryWorkStore#apply(InMemoryStep)}: runs on the run's thread, outside of the
 * store's lock, so it may take its time or hang. Its effects take place only if the completion
 * does.
 */
@FunctionalInterface
public interface InMemoryStep extends CompletionStep {

  /**
   * Does the step's work.
   *
   * @throws Exception rolls everything back
   */
  void run(Transaction transaction) throws Exception;

  /** What a step may do. */
  @FunctionalInterface
  interface Transaction {

    /**
     * Has this run at the commit, in the one moment in which the claim is completed too. It must be
     * quick and must not call the store.
     *
     * @throws io.deriver.spi.StoreException if the transaction was aborted because the run has
     *     ended
     */
    void onCommit(Runnable effect);
  }
}
