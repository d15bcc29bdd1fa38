package io.deriver.benchmarks.processes;

import io.deriver.Item;
import io.deriver.benchmarks.measure.Meter;
import io.deriver.benchmarks.measure.Parts;
import io.deriver.benchmarks.measure.Payloads;
import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import io.deriver.jdbc.PostgresQueue;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Items, one key each, that are there when the processes are told to begin.
 *
 * @param payload how many characters each item has
 * @param micros what a call takes
 */
record Drain(Server server, Meter meter, int items, int payload, long micros) {

  private static final int A_CALL = 1_000;

  /**
   * So many processes do it, after as large a backlog for each of them, which warms them up: while
   * they compile, each more takes time from the others.
   *
   * @return items a second
   * @throws IllegalStateException if an item was called for twice, one was left, or the server had
   *     to break a deadlock
   */
  double by(int processes) throws Exception {
    double seconds;
    long deadlocks = deadlocks();
    try (Library library = Library.on(server)) {
      PostgresQueue queue = library.queue();
      try (Fleet fleet = Fleet.start(server, processes, micros)) {
        int warmUp = items * processes;
        add(queue, warmUp);
        double unused = fleet.work(warmUp);
        fleet.rest();
        add(queue, items);
        seconds = fleet.work(items);
        Numbers.requireEachOnce(fleet.numbers(), items);
      }
    }
    meter.awaitGone(Worker.APPLICATION);
    require("items left", server.value("SELECT count(*) FROM %s.item".formatted(Server.SCHEMA)));
    require("deadlocks", Long.toString(deadlocks() - deadlocks));
    return items / seconds;
  }

  private void add(PostgresQueue queue, int count) throws SQLException {
    List<String> payloads = Payloads.of(count, payload);
    List<Item<String>> all =
        IntStream.range(0, count)
            .mapToObj(i -> Item.of(Library.NOOP, "key" + i, payloads.get(i)))
            .toList();
    Parts.of(all, A_CALL).forEach(queue::enqueueAll);
    server.vacuum(Server.SCHEMA);
  }

  private long deadlocks() throws SQLException {
    return Long.parseLong(
        server.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
  }

  private static void require(String what, String none) {
    if (!none.equals("0")) {
      throw new IllegalStateException("%s: %s; there should be none".formatted(what, none));
    }
  }
}
