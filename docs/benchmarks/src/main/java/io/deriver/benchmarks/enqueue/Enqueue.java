package io.deriver.benchmarks.enqueue;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.benchmarks.measure.Contestant;
import io.deriver.benchmarks.measure.Meter;
import io.deriver.benchmarks.measure.Parts;
import io.deriver.benchmarks.measure.Payloads;
import io.deriver.benchmarks.measure.Phase;
import io.deriver.benchmarks.measure.Sample;
import io.deriver.benchmarks.server.Server;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Adds items by one thread, while nobody works them.
 *
 * @param aCall how many in a call
 * @param keys how many keys there are
 * @param adder makes what adds them, on a pool of one connection
 */
record Enqueue(
    String name, Server server, Meter meter, int payload, int aCall, int keys, Adder.Maker adder)
    implements Contestant {

  private static final String APPLICATION = "bench-add";

  @Override
  public Sample run(int items) throws Exception {
    List<List<String>> keyParts =
        Parts.of(IntStream.range(0, items).mapToObj(i -> "key" + i % keys).toList(), aCall);
    List<List<String>> payloadParts = Parts.of(Payloads.of(items, payload), aCall);
    server.execute("DROP SCHEMA IF EXISTS %s CASCADE".formatted(Server.SCHEMA), "CHECKPOINT");
    Phase work;
    double commits;
    String table;
    try (HikariDataSource connections = server.connections(APPLICATION, 1);
        Adder adding = adder.on(connections)) {
      table = adding.table();
      commits = meter.commits();
      Meter.Running running = meter.begin();
      for (int i = 0; i < keyParts.size(); i++) {
        adding.add(keyParts.get(i), payloadParts.get(i));
      }
      work = running.end(items, null);
    }
    requireAdded(items, table);
    meter.awaitGone(APPLICATION);
    return new Sample(null, work, (meter.commits() - commits) / items, null);
  }

  private void requireAdded(int items, String table) throws Exception {
    String added = server.value("SELECT count(*) FROM " + table);
    if (!added.equals(Integer.toString(items))) {
      throw new IllegalStateException("%s added %s of %d items".formatted(name, added, items));
    }
  }
}
