package io.deriver.benchmarks.drain;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Pool;
import io.deriver.Processor;
import io.deriver.benchmarks.measure.Parts;
import io.deriver.benchmarks.measure.Wait;
import io.deriver.benchmarks.server.Server;
import io.deriver.jdbc.PostgresQueue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** The library, at its defaults but for what its shape says. */
final class DeriverQueue implements Queue {

  private static final ItemType<String> NOOP = ItemType.of("noop", String.class);
  private static final int A_CALL = 1_000;
  private static final int POOL_CONNECTIONS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  // As the functions that pools call have it for all that they call.
  private static final String PINNED =
      "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";

  private final int items;
  private final Shape shape;
  private final HikariDataSource host;
  private final HikariDataSource duties;
  private final PostgresQueue queue;
  private final Pool pool;

  /**
   * What differs between those that are compared.
   *
   * @param slots of the pool
   * @param ahead how many units are claimed ahead of free slots at most
   * @param prepared whether the server keeps the library's statements
   * @param unit how many items a unit holds at most
   * @param routed whether the items are routed before they are drained
   */
  record Shape(int slots, int ahead, boolean prepared, int unit, boolean routed) {}

  DeriverQueue(Server server, int items, Shape shape, Processor<String> processor)
      throws SQLException {
    this.items = items;
    this.shape = shape;
    host = server.connections(Drain.LOADING, 1);
    duties = server.connections(Drain.WORKING, POOL_CONNECTIONS);
    queue =
        PostgresQueue.builder(host)
            .maintenanceDataSource(duties)
            .schema(Server.SCHEMA)
            .serverPreparedStatements(shape.prepared())
            .installSchema()
            .build();
    pool =
        Pool.builder(queue.store())
            .name("bench")
            .slots(shape.slots())
            .claimAhead(shape.ahead())
            .processor(NOOP, processor, limits -> limits.maxItems(shape.unit()))
            .start();
    pool.pause();
    // Or else a claim that was under way could take the first of what is added.
    Wait.until("the pool to pause", PATIENCE, () -> rests(pool));
  }

  private static boolean rests(Pool pool) {
    return pool.health().duty("dispatcher").passing().isZero();
  }

  @Override
  public void load(List<String> keys, List<String> payloads) throws SQLException {
    List<Item<String>> all =
        IntStream.range(0, items)
            .mapToObj(i -> Item.of(NOOP, keys.get(i), payloads.get(i)))
            .toList();
    Parts.of(all, A_CALL).forEach(queue::enqueueAll);
    if (shape.routed()) {
      route();
    }
    // Nothing below needs it, and what it did is counted once it is gone.
    host.close();
  }

  private void route() throws SQLException {
    try (Connection connection = host.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(PINNED);
      boolean more = true;
      while (more) {
        try (ResultSet row =
            statement.executeQuery("SELECT %s.route_v1('noop')".formatted(Server.SCHEMA))) {
          row.next();
          more = row.getBoolean(1);
        }
      }
    }
  }

  @Override
  public void drain() throws SQLException {
    if (pool.work(NOOP).unitsStarted() != 0) {
      throw new IllegalStateException("the pool has begun before it was told to");
    }
    pool.resume();
    Wait.until("all items to be done", PATIENCE, () -> pool.work(NOOP).itemsCompleted() == items);
  }

  @Override
  public String table() {
    return Server.SCHEMA + ".item";
  }

  @Override
  public void close() {
    pool.close();
    duties.close();
    host.close();
  }
}
