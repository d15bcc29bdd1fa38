package io.deriver.benchmarks.snapshot;

import io.deriver.Item;
import io.deriver.benchmarks.server.Library;
import io.deriver.jdbc.PostgresQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Items that are added as time goes by, each of a key of its own. Used by one thread. */
final class SteadyLoad {

  /** How many a second. */
  static final int RATE = 500;

  private static final int A_CALL = 10;
  private static final long BETWEEN_NANOS = Duration.ofSeconds(1).toNanos() * A_CALL / RATE;

  private final PostgresQueue queue;
  private int added;

  SteadyLoad(PostgresQueue queue) {
    this.queue = queue;
  }

  /** Adds them for so long. A call that was late is made up for. */
  void run(Duration time) {
    long start = System.nanoTime();
    for (long due = 0; due < time.toNanos(); due += BETWEEN_NANOS) {
      long wait = start + due - System.nanoTime();
      while (wait > 0) {
        LockSupport.parkNanos(wait);
        wait = start + due - System.nanoTime();
      }
      add();
    }
  }

  private void add() {
    List<Item<String>> items =
        IntStream.range(added, added + A_CALL)
            .mapToObj(number -> Item.of(Library.NOOP, "key" + number, "payload"))
            .toList();
    queue.enqueueAll(items);
    added += A_CALL;
  }

  /** How many there were. */
  int added() {
    return added;
  }
}
