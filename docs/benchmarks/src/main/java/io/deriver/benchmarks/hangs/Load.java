package io.deriver.benchmarks.hangs;

import io.deriver.BreakerPolicy;
import io.deriver.Item;
import io.deriver.Pool;
import io.deriver.benchmarks.measure.Parts;
import io.deriver.benchmarks.measure.Wait;
import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import io.deriver.jdbc.PostgresQueue;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Items, one key each, that are there when a pool begins to call. */
record Load(Server server, int items, int slots, Calls.Hanging hanging) {

  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int A_CALL = 1_000;
  // What the deaf ones leave behind shall not stop the pool.
  private static final int MORE_THAN_HANG = 100_000;

  /**
   * What came of it while there was work for every slot, from the first timeout on if there was
   * one.
   *
   * @param perSecond healthy calls
   * @param healthy how many they were
   * @param hung slots that hung calls had, on the average
   * @param abandoned threads that had not come back when all was over
   */
  record Result(double perSecond, int healthy, double hung, int abandoned) {}

  Result work() throws Exception {
    Calls calls = new Calls(hanging, items);
    try (Library library = Library.on(server)) {
      PostgresQueue queue = library.queue();
      try (Pool pool = start(queue, calls)) {
        enqueue(queue);
        server.vacuum(Server.SCHEMA);
        return result(pool, calls);
      } finally {
        calls.letGo();
      }
    }
  }

  private Pool start(PostgresQueue queue, Calls calls) {
    Pool pool =
        Pool.builder(queue.store())
            .name("bench")
            .slots(slots)
            .maxAbandoned(MORE_THAN_HANG)
            .listener(calls.hung())
            .processor(
                Library.NOOP, calls, limits -> limits.timeout(LIMIT).breaker(BreakerPolicy.off()))
            .start();
    pool.pause();
    return pool;
  }

  private void enqueue(PostgresQueue queue) {
    List<Item<String>> all =
        IntStream.range(0, items)
            .mapToObj(i -> Item.of(Library.NOOP, "key" + i, i + ": call"))
            .toList();
    Parts.of(all, A_CALL).forEach(queue::enqueueAll);
  }

  private static Result result(Pool pool, Calls calls) throws SQLException, InterruptedException {
    Seen start = calls.now();
    pool.resume();
    Seen end = calls.awaitHealthy();
    pool.pause();
    HungCalls hung = calls.hung();
    Wait.until("the hung calls to end", PATIENCE, () -> rests(pool) && hung.allTimedOut());
    int abandoned = pool.health().abandoned().size();
    calls.letGo();
    Wait.until("all threads to return", PATIENCE, () -> pool.health().abandoned().isEmpty());
    Seen from = steady(hung.firstTimeout(), start, end);
    return new Result(
        end.perSecondSince(from), end.healthy() - from.healthy(), hung.slots(from, end), abandoned);
  }

  // Until the first has timed out, hung calls only become more.
  private static Seen steady(@Nullable Seen timeout, Seen start, Seen end) {
    return timeout == null || timeout.at() - end.at() >= 0 ? start : timeout;
  }

  private static boolean rests(Pool pool) {
    return pool.health().live() == 0 && pool.health().duty("dispatcher").passing().isZero();
  }
}
