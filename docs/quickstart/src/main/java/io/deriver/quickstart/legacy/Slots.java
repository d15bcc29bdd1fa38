package io.deriver.quickstart.legacy;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A fixed number of worker threads, and how many of them are taken: counted on the side. */
final class Slots {

  private final int size;
  private final AtomicInteger taken = new AtomicInteger();
  private final ExecutorService workers;

  Slots(int size, String threadPrefix) {
    this.size = size;
    this.workers = Executors.newFixedThreadPool(size, Threads.named(threadPrefix));
  }

  boolean full() {
    return taken.get() == size;
  }

  int free() {
    return size - taken.get();
  }

  /** Runs the task on a worker, which is taken until the task returns. */
  void run(Runnable task) {
    taken.incrementAndGet();
    workers.execute(
        () -> {
          try {
            task.run();
          } finally {
            taken.decrementAndGet();
          }
        });
  }

  void close() {
    workers.shutdown();
  }
}
