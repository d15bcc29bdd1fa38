package io.deriver.testkit.llm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Who is inside. Thread-safe; its monitor guards the list. */
final class HeldCalls {

  private final List<HeldCall> inside = new ArrayList<>();

  /** The calling thread goes inside. */
  synchronized HeldCall enter(String prompt, ThreadHang shape) {
    HeldCall call = new HeldCall(Thread.currentThread(), shape, prompt);
    inside.add(call);
    notifyAll();
    return call;
  }

  synchronized void leave(HeldCall call) {
    inside.remove(call);
    notifyAll();
  }

  synchronized List<HeldCall> list() {
    return List.copyOf(inside);
  }

  boolean awaitAtLeast(int count, Duration within) throws InterruptedException {
    return await(count, Integer.MAX_VALUE, within);
  }

  boolean awaitEmpty(Duration within) throws InterruptedException {
    return await(0, 0, within);
  }

  private synchronized boolean await(int least, int most, Duration within)
      throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    while (inside.size() < least || inside.size() > most) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }
}
