package io.deriver.benchmarks.enqueue;

import io.deriver.benchmarks.measure.Benchmark;
import io.deriver.benchmarks.measure.Contestant;
import io.deriver.benchmarks.measure.Meter;
import io.deriver.benchmarks.server.FloorTable;
import io.deriver.benchmarks.server.Server;
import java.util.List;
import java.util.Locale;

/** Adding items, against plain INSERTs and peers. */
public record EnqueueBenchmark(Server server, Meter meter, int payload) {

  private static final int MANY = 1_000;
  private static final int SHARED_KEYS = 500;

  /** One a call, each a transaction. */
  public Benchmark single(int items) {
    return new Benchmark(
        "enqueue-single",
        String.format(Locale.ROOT, "adding %,d items, one a call", items),
        items,
        List.of(
            plain(
                "plain INSERT",
                1,
                items,
                (connection, keys, payloads) ->
                    FloorTable.insert(connection, keys.get(0), payloads.get(0))),
            deriver("deriver", 1, items, true),
            deriver("deriver, not prepared", 1, items, false),
            scheduler("db-scheduler, scheduleIfNotExists", 1, items),
            jobRunr("JobRunr, enqueue", 1, items)));
  }

  /** A thousand a call, each a transaction. */
  public Benchmark many(int items) {
    return new Benchmark(
        "enqueue-1000",
        String.format(Locale.ROOT, "adding %,d items, 1,000 a call", items),
        items,
        List.of(
            plain("plain INSERT from arrays", MANY, items, FloorTable::insertArrays),
            plain("plain INSERTs, as a batch", MANY, items, FloorTable::insertBatch),
            deriver("deriver, new keys", MANY, items, true),
            deriver("deriver, new keys, not prepared", MANY, items, false),
            deriver("deriver, 500 keys", MANY, SHARED_KEYS, true),
            deriver("deriver, one key", MANY, 1, true),
            scheduler("db-scheduler, scheduleBatch", MANY, items),
            jobRunr("JobRunr, enqueue of a stream", MANY, items)));
  }

  private Contestant plain(String name, int aCall, int keys, Adder.Insert insert) {
    return adding(
        name,
        aCall,
        keys,
        connections -> {
          FloorTable.create(server);
          return new PlainAdder(connections, insert);
        });
  }

  private Contestant deriver(String name, int aCall, int keys, boolean prepared) {
    return adding(name, aCall, keys, connections -> new DeriverAdder(connections, prepared));
  }

  private Contestant scheduler(String name, int aCall, int items) {
    return adding(name, aCall, items, connections -> new SchedulerAdder(server, connections));
  }

  private Contestant jobRunr(String name, int aCall, int items) {
    return adding(name, aCall, items, connections -> new JobRunrAdder(server, connections));
  }

  private Contestant adding(String name, int aCall, int keys, Adder.Maker adder) {
    return new Enqueue(name, server, meter, payload, aCall, keys, adder);
  }
}
