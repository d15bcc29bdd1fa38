package io.deriver.benchmarks.memory;

import java.util.List;
import java.util.stream.IntStream;

/** Threads that do nothing but wait. */
final class PlainThreads {

  private PlainThreads() {}

  /** Bytes of heap that each of so many takes. */
  static double bytes(int count) throws InterruptedException {
    long before = Heap.used();
    Waiting waiting = new Waiting(count);
    List<Thread> threads =
        IntStream.range(0, count)
            .mapToObj(i -> new Thread(() -> be(waiting), "plain-" + i))
            .toList();
    threads.forEach(Thread::start);
    try {
      waiting.awaitBegun();
      return (Heap.used() - before) / (double) count;
    } finally {
      waiting.letGo();
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void be(Waiting waiting) {
    try {
      waiting.await();
    } catch (InterruptedException e) {
      // Nobody interrupts it; if somebody does, it is over.
      Thread.currentThread().interrupt();
    }
  }
}
