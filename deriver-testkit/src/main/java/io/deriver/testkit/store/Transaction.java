package io.deriver.testkit.store;

import io.deriver.spi.StoreException;
import java.util.ArrayList;
import java.util.List;

/** The effects that a step has asked for, until they commit or are dropped. */
final class Transaction implements InMemoryStep.Transaction {

  private final List<Runnable> effects = new ArrayList<>();
  private boolean aborted;

  @Override
  public synchronized void onCommit(Runnable effect) {
    requireLive();
    effects.add(effect);
  }

  synchronized void abort() {
    aborted = true;
  }

  /** Lets the effects take place, unless the transaction was aborted. */
  synchronized void commit() {
    requireLive();
    effects.forEach(Runnable::run);
  }

  private void requireLive() {
    if (aborted) {
      throw new StoreException("the transaction was aborted: its run has ended", null);
    }
  }
}
