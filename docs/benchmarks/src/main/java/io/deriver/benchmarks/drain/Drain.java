package io.deriver.benchmarks.drain;

import io.deriver.benchmarks.measure.Contestant;
import io.deriver.benchmarks.measure.Meter;
import io.deriver.benchmarks.measure.Payloads;
import io.deriver.benchmarks.measure.Phase;
import io.deriver.benchmarks.measure.RowsWritten;
import io.deriver.benchmarks.measure.Sample;
import io.deriver.benchmarks.server.Server;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Loads a queue and drains it, both measured.
 *
 * @param load what its items are
 * @param claim what its claiming statements have in their text
 */
record Drain(String name, Server server, Meter meter, Load load, String claim, Queue.Maker maker)
    implements Contestant {

  /**
   * What is drained.
   *
   * @param keys of the items, by turns; as many as there are items at most
   * @param payload how many characters each has
   */
  record Load(int keys, int payload) {

    static final int ONE_EACH = Integer.MAX_VALUE;
  }

  /** What all connections of a queue are called. */
  static final String LOADING = "bench-load";

  static final String WORKING = "bench-work";

  @Override
  public Sample run(int items) throws Exception {
    List<String> keys =
        IntStream.range(0, items).mapToObj(number -> "key" + number % load.keys()).toList();
    List<String> payloads = Payloads.of(items, load.payload());
    // The checkpoint stands before the loading, which changes every page first; see Server.
    server.execute("DROP SCHEMA IF EXISTS %s CASCADE".formatted(Server.SCHEMA), "CHECKPOINT");
    Phase loading;
    Phase work;
    double commits;
    RowsWritten written;
    try (Queue queue = maker.make(items)) {
      Meter.Running running = meter.begin();
      queue.load(keys, payloads);
      loading = running.end(items, null);
      meter.awaitGone(LOADING);
      requireLeft(queue, items);
      server.vacuum(Server.SCHEMA);
      commits = meter.commits();
      written = meter.rowsWritten();
      Meter.Running drain = meter.begin();
      queue.drain();
      work = drain.end(items, claim);
      requireLeft(queue, 0);
    }
    meter.awaitGone(WORKING);
    return new Sample(
        loading, work, (meter.commits() - commits) / items, meter.rowsWritten().since(written));
  }

  private void requireLeft(Queue queue, int items) throws SQLException {
    String left = server.value("SELECT count(*) FROM " + queue.table());
    if (!left.equals(Integer.toString(items))) {
      throw new IllegalStateException(
          "%s: %s items are there; it should be %d".formatted(name, left, items));
    }
  }
}
