package io.deriver.testkit.llm;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Waits, and when it is interrupted counts that and waits again. */
final class SwallowingTrap implements ThreadTrap {

  private final CountDownLatch open = new CountDownLatch(1);
  private final AtomicLong swallowed = new AtomicLong();

  @Override
  public void enter() {
    while (true) {
      try {
        open.await();
        return;
      } catch (InterruptedException e) {
        swallowed.incrementAndGet();
      }
    }
  }

  long swallowed() {
    return swallowed.get();
  }

  @Override
  public void open() {
    open.countDown();
  }
}
