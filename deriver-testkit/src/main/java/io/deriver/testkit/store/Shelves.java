package io.deriver.testkit.store;

import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** What the nodes of one store share, and the lock that stands for a transaction. */
final class Shelves {

  private final ReentrantLock lock = new ReentrantLock();
  private final Ledger ledger;
  private final NodeTable nodes = new NodeTable();
  private final Hints hints = new Hints();

  Shelves(InstantSource clock) {
    this.ledger = new Ledger(clock);
  }

  Ledger ledger() {
    return ledger;
  }

  NodeTable nodes() {
    return nodes;
  }

  Hints hints() {
    return hints;
  }

  <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }
}
