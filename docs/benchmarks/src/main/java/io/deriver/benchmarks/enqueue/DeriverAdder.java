package io.deriver.benchmarks.enqueue;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.benchmarks.server.Server;
import io.deriver.jdbc.PostgresQueue;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** The library, at its defaults, or with statements that the server does not keep. */
final class DeriverAdder implements Adder {

  private static final ItemType<String> NOOP = ItemType.of("noop", String.class);

  private final PostgresQueue queue;

  DeriverAdder(DataSource connections, boolean prepared) {
    queue =
        PostgresQueue.builder(connections)
            .schema(Server.SCHEMA)
            .serverPreparedStatements(prepared)
            .installSchema()
            .build();
  }

  @Override
  public void add(List<String> keys, List<String> payloads) {
    List<Item<String>> items =
        IntStream.range(0, keys.size())
            .mapToObj(i -> Item.of(NOOP, keys.get(i), payloads.get(i)))
            .toList();
    queue.enqueueAll(items);
  }
}
