package io.deriver.benchmarks.processes;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Tells on standard output how many items are done, and by the wall clock, which processes of a
 * machine share, when the last of them was seen to be: {@code done 100 1700000000000}.
 */
final class Progress {

  static final String DONE = "done ";

  private static final long LOOK_NANOS = 1_000_000;
  private static final long TELL_NANOS = 100_000_000;

  private final LongSupplier completed;
  private long forgotten;
  private long seen;
  private long seenAt;
  private long told;

  Progress(LongSupplier completed) {
    this.completed = completed;
  }

  /** Begins to look, on a thread of its own. */
  void start() {
    Thread thread = new Thread(this::run, "progress");
    thread.setDaemon(true);
    thread.start();
  }

  /** What is done by now does not count. Called while nothing is done. */
  synchronized void forget() {
    forgotten = completed.getAsLong();
    seen = 0;
    told = 0;
  }

  private void run() {
    long toldAt = System.nanoTime();
    while (true) {
      look();
      if (System.nanoTime() - toldAt >= TELL_NANOS) {
        tell();
        toldAt = System.nanoTime();
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private synchronized void look() {
    long now = completed.getAsLong() - forgotten;
    if (now != seen) {
      seen = now;
      seenAt = System.currentTimeMillis();
    }
  }

  private synchronized void tell() {
    if (seen != told) {
      System.out.println(DONE + seen + " " + seenAt);
      told = seen;
    }
  }
}
