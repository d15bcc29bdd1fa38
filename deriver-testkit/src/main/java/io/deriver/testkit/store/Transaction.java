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
    if (aborted) {
      throw new StoreException("the transaction was aborted: its run has ended", null);
    }
    effects.add(effect);
  }

  synchronized void abort() {
    aborted = true;
    effects.clear();
  }

  synchronized List<Runnable> effects() {
    return List.copyOf(effects);
  }
}
