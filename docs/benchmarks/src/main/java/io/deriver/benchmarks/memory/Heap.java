package io.deriver.benchmarks.memory;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** How much of this JVM's heap is used by what is reachable. */
final class Heap {

  private static final int IN_A_ROW = 3;
  private static final int AT_MOST = 30;
  // In which reference handlers and cleaners let go what a collection has found.
  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private Heap() {}

  /** Bytes, after so many full collections that no further one finds anything. */
  static long used() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    return least(
        () -> {
          System.gc();
          LockSupport.parkNanos(BETWEEN_NANOS);
          return memory.getHeapMemoryUsage().getUsed();
        });
  }

  /** The least of what is looked at, once it has not become less several times in a row. */
  static long least(LongSupplier looks) {
    long least = looks.getAsLong();
    int notLess = 0;
    for (int look = 1; look < AT_MOST && notLess < IN_A_ROW; look++) {
      long now = looks.getAsLong();
      notLess = now < least ? 0 : notLess + 1;
      least = Math.min(least, now);
    }
    return least;
  }
}
