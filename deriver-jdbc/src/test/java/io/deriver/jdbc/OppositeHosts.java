package io.deriver.jdbc;

import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import io.deriver.jdbc.DrainJudge.Sent;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * Two hosts that enqueue into the same keys in transactions that overlap, one in an order and the
 * other in its opposite; in the middle each waits for the other.
 */
final class OppositeHosts {

  private static final int KEYS = 20;
  private static final int CALL = 5;

  private final DataSource source;
  private final PostgresQueue queue;
  private final int isolation;
  private final AtomicBoolean last = new AtomicBoolean();
  private final CyclicBarrier middle;

  OppositeHosts(DataSource source, PostgresQueue queue, int isolation, BooleanSupplier enough) {
    this.source = source;
    this.queue = queue;
    this.isolation = isolation;
    middle = new CyclicBarrier(2, () -> last.set(enough.getAsBoolean()));
  }

  /** One of the two; the seed is the other's, too. */
  Callable<List<Sent>> host(
      List<String> keys, long seed, boolean reversed, BooleanSupplier farAhead) {
    return () -> {
      Random random = new Random(seed);
      List<String> all = new ArrayList<>(keys);
      List<Sent> sent = new ArrayList<>();
      try (Connection connection = source.getConnection()) {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(isolation);
        while (!last.get()) {
          Collections.shuffle(all, random);
          List<String> some = new ArrayList<>(all.subList(0, KEYS));
          if (reversed) {
            Collections.reverse(some);
          }
          await()
              .atMost(Duration.ofMinutes(2))
              .pollInterval(Duration.ofMillis(10))
              .until(() -> !farAhead.getAsBoolean());
          sent.addAll(transaction(connection, some));
        }
      }
      return sent;
    };
  }

  private List<Sent> transaction(Connection connection, List<String> keys) throws Exception {
    long called = System.nanoTime();
    List<Enqueued> added = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += CALL) {
      if (from == keys.size() / 2) {
        int unused = middle.await(1, TimeUnit.MINUTES);
      }
      added.addAll(queue.enqueueAll(connection, items(keys.subList(from, from + CALL))));
    }
    connection.commit();
    return sent(keys, added, called, System.nanoTime());
  }

  static List<Item<String>> items(List<String> keys) {
    return keys.stream().map(key -> Item.of(DrainHost.TYPE, key, "x")).toList();
  }

  static List<Sent> sent(List<String> keys, List<Enqueued> added, long called, long committed) {
    return IntStream.range(0, keys.size())
        .mapToObj(i -> new Sent(added.get(i).id(), keys.get(i), called, committed))
        .toList();
  }
}
