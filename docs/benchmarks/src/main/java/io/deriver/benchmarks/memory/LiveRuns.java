package io.deriver.benchmarks.memory;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.benchmarks.measure.Wait;
import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import io.deriver.jdbc.PostgresQueue;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * A pool of so many slots, each with a run that waits.
 *
 * @param type of the items, that is how payloads are read
 */
record LiveRuns(Server server, int count, ItemType<String> type) {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /**
   * Bytes of heap, more than while the pool was idle before.
   *
   * @param live of each run, with its thread and its payload
   * @param idle of each thread, once the runs are done and their threads wait for others
   * @param gone of all, once the threads have ended
   */
  record Bytes(double live, double idle, double gone) {}

  Bytes measure() throws SQLException, InterruptedException {
    Waiting waiting = new Waiting(count);
    try (Library library = Library.on(server)) {
      PostgresQueue queue = library.queue();
      try (Pool pool = start(queue, waiting)) {
        return measured(queue, pool, waiting);
      } finally {
        waiting.letGo();
      }
    }
  }

  private Pool start(PostgresQueue queue, Waiting waiting) {
    return Pool.builder(queue.store())
        .name("bench")
        .slots(count)
        .processor(type, (unit, run) -> waits(waiting))
        .start();
  }

  private static Outcome waits(Waiting waiting) throws InterruptedException {
    waiting.await();
    return Outcome.done();
  }

  private Bytes measured(PostgresQueue queue, Pool pool, Waiting waiting)
      throws SQLException, InterruptedException {
    Wait.until("the pool to be idle", PATIENCE, () -> idle(pool));
    int threads = threads();
    long before = Heap.used();
    queue.enqueueAll(
        IntStream.range(0, count).mapToObj(i -> Item.of(type, "key" + i, "p")).toList());
    waiting.awaitBegun();
    double live = (Heap.used() - before) / (double) count;
    waiting.letGo();
    Wait.until("all to be done", PATIENCE, () -> done(pool) && idle(pool));
    double idle = (Heap.used() - before) / (double) count;
    Wait.until("idle threads to end", PATIENCE, () -> threads() <= threads);
    return new Bytes(live, idle, Heap.used() - before);
  }

  private static int threads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private boolean done(Pool pool) {
    return pool.work(type).itemsCompleted() == count;
  }

  private static boolean idle(Pool pool) {
    return pool.health().live() == 0
        && pool.health().unwritten() == 0
        && pool.health().duty("dispatcher").passing().isZero();
  }
}
