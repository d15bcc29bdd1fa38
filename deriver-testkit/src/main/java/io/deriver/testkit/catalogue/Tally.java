package io.deriver.testkit.catalogue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How many calls are in a shape. Thread-safe; its monitor guards the count. */
final class Tally {

  private int inside;
  private int ever;

  synchronized void enter() {
    inside++;
    ever++;
    notifyAll();
  }

  synchronized void leave() {
    inside--;
  }

  /** Those who left count, too. */
  synchronized int ever() {
    return ever;
  }

  synchronized boolean await(int atLeast, Duration within) throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    while (inside < atLeast) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }
}
