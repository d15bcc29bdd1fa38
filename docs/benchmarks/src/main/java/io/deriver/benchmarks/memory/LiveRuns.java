package io.deriver.benchmarks.memory;

import io.deriver.Item;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.benchmarks.measure.Wait;
import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import io.deriver.jdbc.PostgresQueue;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.IntStream;

/** A pool of so many slots, each with a run that waits. */
record LiveRuns(Server server, int count) {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /**
   * Bytes of heap.
   *
   * @param each of the runs, with its thread and its payload
   * @param afterwards of all, once they are done and the pool is idle, more than before
   */
  record Bytes(double each, double afterwards) {}

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
        .processor(Library.NOOP, (unit, run) -> waits(waiting))
        .start();
  }

  private static Outcome waits(Waiting waiting) throws InterruptedException {
    waiting.await();
    return Outcome.done();
  }

  private Bytes measured(PostgresQueue queue, Pool pool, Waiting waiting)
      throws SQLException, InterruptedException {
    Wait.until("the pool to be idle", PATIENCE, () -> idle(pool));
    long before = Heap.used();
    queue.enqueueAll(
        IntStream.range(0, count).mapToObj(i -> Item.of(Library.NOOP, "key" + i, "p")).toList());
    waiting.awaitBegun();
    double each = (Heap.used() - before) / (double) count;
    waiting.letGo();
    Wait.until("all to be done", PATIENCE, () -> done(pool) && idle(pool));
    return new Bytes(each, Heap.used() - before);
  }

  private boolean done(Pool pool) {
    return pool.work(Library.NOOP).itemsCompleted() == count;
  }

  private static boolean idle(Pool pool) {
    return pool.health().live() == 0
        && pool.health().unwritten() == 0
        && pool.health().duty("dispatcher").passing().isZero();
  }
}
