package io.deriver.benchmarks.drain;

import io.deriver.Outcome;
import io.deriver.benchmarks.measure.Benchmark;
import io.deriver.benchmarks.measure.Contestant;
import io.deriver.benchmarks.measure.Meter;
import io.deriver.benchmarks.server.Server;
import java.util.List;
import java.util.Locale;

/** Draining no-op items that are there, one key each. */
public record DrainBenchmark(Server server, Meter meter, int payload) {

  private static final int MANY_SLOTS = 50;
  private static final int FEW_SLOTS = 10;

  /** The benchmark, with so many items a round. */
  public Benchmark of(int items) {
    return new Benchmark(
        "drain",
        String.format(Locale.ROOT, "draining %,d items", items),
        items,
        List.of(
            drain(
                "floor: claim 100, delete 100",
                "SKIP LOCKED",
                count -> new FloorQueue(server, true)),
            drain(
                "the same, deleted at once", "SKIP LOCKED", count -> new FloorQueue(server, false)),
            deriver("deriver, 50 slots", MANY_SLOTS, 0, true, true),
            deriver("deriver, 50 slots, 50 ahead", MANY_SLOTS, MANY_SLOTS, true, true),
            deriver(
                "deriver, 50 slots, 50 ahead, not prepared", MANY_SLOTS, MANY_SLOTS, false, true),
            deriver("deriver, 10 slots", FEW_SLOTS, 0, true, true),
            deriver("deriver, 10 slots, 10 ahead", FEW_SLOTS, FEW_SLOTS, true, true),
            deriver("deriver, 10 slots, 10 ahead, not prepared", FEW_SLOTS, FEW_SLOTS, false, true),
            deriver("deriver, 50 slots, not routed before", MANY_SLOTS, 0, true, false),
            drain(
                "db-scheduler, 50 threads",
                "picked_by",
                count -> new SchedulerQueue(server, MANY_SLOTS, count)),
            drain(
                "JobRunr, 50 workers",
                "SKIP LOCKED",
                count -> new JobRunrQueue(server, MANY_SLOTS, count))));
  }

  private Contestant deriver(String name, int slots, int ahead, boolean prepared, boolean routed) {
    return drain(
        name,
        "claim_v1",
        count ->
            new DeriverQueue(
                server,
                count,
                new DeriverQueue.Shape(slots, ahead, prepared, 1, routed),
                (unit, run) -> Outcome.done()));
  }

  private Contestant drain(String name, String claim, Queue.Maker maker) {
    return new Drain(
        name, server, meter, new Drain.Load(Drain.Load.ONE_EACH, payload), claim, maker);
  }
}
