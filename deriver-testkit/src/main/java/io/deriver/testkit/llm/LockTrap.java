package io.deriver.testkit.llm;

import io.deriver.testkit.internal.Threads;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A lock or a monitor that a thread of its own holds, from the first caller until it is opened. */
final class LockTrap implements ThreadTrap {

  private final boolean monitor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Object guarded = new Object();
  private final SwallowingTrap keeperWaits = new SwallowingTrap();
  private final CountDownLatch kept = new CountDownLatch(1);
  private @Nullable Thread keeper;
  // Something to do under the lock, so that no compiler can elide it.
  private final AtomicLong passed = new AtomicLong();

  LockTrap(boolean monitor) {
    this.monitor = monitor;
  }

  @Override
  public void enter() {
    haveItKept();
    if (monitor) {
      synchronized (guarded) {
        passed.incrementAndGet();
      }
    } else {
      lock.lock();
      try {
        passed.incrementAndGet();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Heeds no interrupt, nor one from before: it is the lock that is waited for. */
  private void haveItKept() {
    synchronized (this) {
      if (keeper == null) {
        keeper = Threads.daemon(name(), monitor ? this::keepMonitor : this::keepLock);
        keeper.start();
      }
    }
    boolean interrupted = false;
    while (kept.getCount() > 0) {
      try {
        kept.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private String name() {
    return "hanging-llm-" + (monitor ? "monitor" : "lock") + "-keeper";
  }

  private void keepLock() {
    lock.lock();
    try {
      kept.countDown();
      keeperWaits.enter();
    } finally {
      lock.unlock();
    }
  }

  private void keepMonitor() {
    synchronized (guarded) {
      kept.countDown();
      keeperWaits.enter();
    }
  }

  @Override
  public void open() {
    keeperWaits.open();
  }

  /** The thread that holds it; null before the first caller. */
  synchronized @Nullable Thread keeper() {
    return keeper;
  }
}
