package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Dedupe;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.StoredItem;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hosts enqueue the same dedupe keys in opposite orders, in transactions that write data as well,
 * while nodes work them, and one transaction stays open over it all.
 */
class DedupeRacesTest {

  private static final Db DB = Db.installed("dedupe_races");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final int HOSTS = 4;
  private static final int TRANSACTIONS = 60;
  private static final int DEDUPE_KEYS = 8;
  private static final int KEYS = 5;

  private final PostgresQueue queue = DB.queue();
  private final Map<String, Sent> sent = new ConcurrentHashMap<>();
  private final Map<String, String> lastWorked = new ConcurrentHashMap<>();
  private final Map<String, Long> seen = new ConcurrentHashMap<>();
  private final AtomicBoolean enqueued = new AtomicBoolean();

  @ParameterizedTest
  @EnumSource(Dedupe.class)
  void nothingIsLostAndNobodyWaits(Dedupe mode) throws Exception {
    DB.empty();
    DB.execute("CREATE TABLE IF NOT EXISTS deriver.data (name text, host int)");
    DB.execute("TRUNCATE deriver.data");
    long deadlocks = deadlocks();
    ExecutorService threads = Executors.newCachedThreadPool();
    try (Connection open = DB.dataSource().getConnection()) {
      open.setAutoCommit(false);
      for (int n = 0; n < DEDUPE_KEYS; n++) {
        queue.enqueue(open, item(n, "open", mode));
      }
      List<Future<?>> hosts = new ArrayList<>();
      for (int host = 0; host < HOSTS; host++) {
        hosts.add(threads.submit(host(host, mode)));
      }
      List<Future<?>> nodes = new ArrayList<>();
      for (int node = 0; node < 2; node++) {
        nodes.add(threads.submit(this::work));
      }
      Future<Long> most = threads.submit(this::mostThatWait);
      for (Future<?> host : hosts) {
        host.get(120, TimeUnit.SECONDS);
      }
      open.rollback();
      enqueued.set(true);
      for (Future<?> node : nodes) {
        node.get(120, TimeUnit.SECONDS);
      }
      assertThat(most.get(60, TimeUnit.SECONDS)).as("items that wait at once").isEqualTo(1);
    } finally {
      enqueued.set(true);
      threads.shutdownNow();
    }

    assertThat(deadlocks()).as("deadlocks").isEqualTo(deadlocks);
    for (int n = 0; n < DEDUPE_KEYS; n++) {
      String name = "dedupe " + n;
      assertThat(seen.get(name))
          .as("rows that the last run of %s saw", name)
          .isEqualTo(DB.number("SELECT count(*) FROM deriver.data WHERE name = '" + name + "'"));
      if (mode != Dedupe.KEEP_FIRST && n < KEYS) {
        theLastContentWasWorked(name);
      }
    }
  }

  /** No other was enqueued after the one that was worked last had been committed. */
  private void theLastContentWasWorked(String name) {
    Sent last = sent.get(lastWorked.get(name));
    assertThat(last).as("%s was worked", name).isNotNull();
    assertThat(sent.values())
        .filteredOn(other -> other.name.equals(name))
        .allSatisfy(other -> assertThat(other.begun).isLessThan(last.committed));
  }

  private static Item<String> item(int n, String payload, Dedupe mode) {
    // Some stand under one key together, and some change it; runs of these may overlap.
    String key = "key " + (n < KEYS ? n % 3 : (payload.length() + n) % KEYS);
    return Item.of(MAIL, key, payload).dedupe("dedupe " + n, mode);
  }

  private Callable<Void> host(int host, Dedupe mode) {
    return () -> {
      Random random = new Random(host);
      try (Connection connection = DB.dataSource().getConnection()) {
        connection.setAutoCommit(false);
        for (int t = 0; t < TRANSACTIONS; t++) {
          List<Integer> names = new ArrayList<>();
          for (int n = 0; n < DEDUPE_KEYS; n++) {
            names.add(n);
          }
          Collections.shuffle(names, random);
          Map<String, Sent> mine = new HashMap<>();
          for (int n : names.subList(0, 4)) {
            String payload = "%d of %d for %d".formatted(t, host, n);
            long begun = System.nanoTime();
            execute(
                connection, "INSERT INTO deriver.data VALUES ('dedupe %d', %d)".formatted(n, host));
            queue.enqueue(connection, item(n, payload, mode));
            mine.put('"' + payload + '"', new Sent("dedupe " + n, begun, 0));
          }
          // Told before the commit, since it may be worked before that returns.
          mine.forEach((payload, one) -> sent.put(payload, one.at(Long.MAX_VALUE)));
          connection.commit();
          long committed = System.nanoTime();
          mine.forEach((payload, one) -> sent.put(payload, one.at(committed)));
        }
      }
      return null;
    };
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(DB.sql(sql));
    }
  }

  private Void work() {
    ClaimRequest request =
        new ClaimRequest(
            List.of(new TypeTerms("mail", Duration.ofHours(1), 2, 1 << 20, 3)), 2, 2, 2);
    try (NodeStore node =
        queue
            .store()
            .join(
                new NodeSpec(
                    "races", List.of("mail"), Duration.ofMinutes(10), Duration.ofSeconds(30)))) {
      while (true) {
        boolean last = enqueued.get();
        List<Claim> claims = node.claim(request).claims();
        if (claims.isEmpty()
            && last
            && DB.number(
                    "SELECT (SELECT count(*) FROM deriver.inbox) + (SELECT count(*) FROM deriver.head)")
                == 0) {
          return null;
        }
        for (Claim claim : claims) {
          claim.items().forEach(this::worked);
          node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed())));
        }
      }
    }
  }

  private void worked(StoredItem item) {
    Sent one = sent.get(item.payload());
    assertThat(one).as(item.payload()).isNotNull();
    seen.merge(
        one.name,
        DB.number("SELECT count(*) FROM deriver.data WHERE name = '" + one.name + "'"),
        Math::max);
    lastWorked.put(one.name, item.payload());
  }

  /** The most items of one dedupe key that waited at any moment that was looked at. */
  private long mostThatWait() {
    long most = 0;
    while (!enqueued.get()) {
      most =
          Math.max(
              most,
              DB.number(
                  """
                  SELECT coalesce(max(w.waiting), 0) FROM (
                    SELECT count(*) AS waiting
                      FROM deriver.head h CROSS JOIN LATERAL unnest(h.ids[coalesce(h.taken, 0) + 1:]) u(id)
                      JOIN deriver.item i ON i.id = u.id GROUP BY i.dedupe) w
                  """));
    }
    return most;
  }

  private static long deadlocks() {
    return DB.number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  }

  private record Sent(String name, long begun, long committed) {
    Sent at(long committed) {
      return new Sent(name, begun, committed);
    }
  }
}
