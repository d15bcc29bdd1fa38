package io.deriver.benchmarks.drain;

import io.deriver.benchmarks.measure.Benchmark;
import io.deriver.benchmarks.measure.Contestant;
import io.deriver.benchmarks.measure.Meter;
import io.deriver.benchmarks.measure.Payloads;
import io.deriver.benchmarks.server.Server;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** Draining no-op items that are there, in order by key, which is checked; the floor has none. */
public record KeysBenchmark(Server server, Meter meter, int payload) {

  private static final int KEYS = 500;
  private static final int LARGE_UNIT = 10;
  private static final int MANY_SLOTS = 50;
  private static final int FEW_SLOTS = 10;

  public KeysBenchmark {
    Payloads.requireNumbers(payload, "for the order by key");
  }

  /** The benchmark, with so many items a round. */
  public Benchmark of(int items) {
    return new Benchmark(
        "keys",
        String.format(Locale.ROOT, "draining %,d items over %d keys, in order", items, KEYS),
        items,
        List.of(
            drain(
                "floor: claim 100, delete 100, in no order",
                "SKIP LOCKED",
                count -> new FloorQueue(server, true)),
            deriver("deriver, units of 10, 50 slots", LARGE_UNIT, MANY_SLOTS),
            deriver("deriver, units of 10, 10 slots", LARGE_UNIT, FEW_SLOTS),
            deriver("deriver, units of 1, 50 slots", 1, MANY_SLOTS),
            deriver("deriver, units of 1, 10 slots", 1, FEW_SLOTS)));
  }

  private Contestant deriver(String name, int unit, int slots) {
    return drain(
        name,
        "claim_v1",
        count -> ordered(count, new DeriverQueue.Shape(slots, 0, true, unit, true)));
  }

  private Queue ordered(int items, DeriverQueue.Shape shape) throws SQLException {
    KeyOrder order = new KeyOrder(KEYS);
    return new OrderedQueue(new DeriverQueue(server, items, shape, order), order, items);
  }

  private Contestant drain(String name, String claim, Queue.Maker maker) {
    return new Drain(name, server, meter, new Drain.Load(KEYS, payload), claim, maker);
  }
}
