package io.deriver.benchmarks.hang;

import io.deriver.BreakerPolicy;
import io.deriver.Item;
import io.deriver.Pool;
import io.deriver.benchmarks.measure.Times;
import io.deriver.benchmarks.measure.Wait;
import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import io.deriver.jdbc.PostgresQueue;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A pool of so many slots, all of which hang. */
record MassHang(Server server, int slots) {

  // Or else the first to hang might keep the last from beginning.
  private static final int MORE_THAN_HANG = 2_000;
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final double NANOS_A_MILLI = 1e6;

  /** Lets it happen once. */
  Map<String, Double> measure() throws Exception {
    Hang hang = new Hang(slots);
    try (Library library = Library.on(server)) {
      PostgresQueue queue = library.queue();
      try (Pool pool = start(queue, hang)) {
        return measured(queue, pool, hang);
      } finally {
        hang.letGo();
      }
    }
  }

  private Pool start(PostgresQueue queue, Hang hang) {
    Pool pool =
        Pool.builder(queue.store())
            .name("bench")
            .slots(slots)
            .maxAbandoned(MORE_THAN_HANG)
            .listener(hang)
            .processor(
                Library.NOOP, hang, limits -> limits.timeout(LIMIT).breaker(BreakerPolicy.off()))
            .start();
    pool.pause();
    return pool;
  }

  private Map<String, Double> measured(PostgresQueue queue, Pool pool, Hang hang)
      throws SQLException, InterruptedException {
    List<Item<String>> items =
        IntStream.range(0, slots)
            .mapToObj(i -> Item.of(Library.NOOP, "key" + i, "payload"))
            .toList();
    queue.enqueueAll(items);
    long resumed = System.nanoTime();
    pool.resume();
    long begun = hang.awaitBegun();
    pool.pause();
    // Looked at no earlier, for to look at a thousand runs is work as well.
    TimeUnit.NANOSECONDS.sleep(begun + LIMIT.toNanos() - System.nanoTime());
    Wait.until("all slots to be free", PATIENCE, () -> pool.health().live() == 0);
    long free = System.nanoTime();
    Times late = hang.late(slots, LIMIT);
    hang.letGo();
    Wait.until("all threads to return", PATIENCE, () -> pool.health().abandoned().isEmpty());
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("limit to slot free, p50", late.millis(50));
    figures.put("p99", late.millis(99));
    figures.put("most", late.millis(100));
    figures.put(
        "last limit to all free, as seen", (free - begun - LIMIT.toNanos()) / NANOS_A_MILLI);
    figures.put("beginning them all", (begun - resumed) / NANOS_A_MILLI);
    return figures;
  }
}
