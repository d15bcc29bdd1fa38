package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.Backoff;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.net.Trap;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Invariants 1, 2, 8 and 12 with the real pool on the real store: no processor can exhaust the
 * connections of the pool's duties, and what hangs costs its unit an attempt and nothing else.
 */
class PoolOnPostgresTest {

  private static final ItemType<String> TYPE = ItemType.of("message", String.class);
  private static final ItemType<String> HEALTHY = ItemType.of("healthy", String.class);
  private static final int SLOTS = 8;

  private static final Db DB = Db.installed("pool_on_postgres");

  private final CompletableFuture<Outcome> never = new CompletableFuture<>();
  private final List<PoolEvent> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void empty() {
    DB.empty();
    DB.execute("DROP TABLE IF EXISTS deriver.effect");
    DB.execute("CREATE TABLE deriver.effect (key text, first bigint, last bigint, fence bigint)");
  }

  @AfterEach
  void letGo() {
    never.complete(Outcome.done());
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  private Pool.Builder pool(PostgresQueue queue) {
    return Pool.builder(queue.store())
        .slots(SLOTS)
        .pollInterval(Duration.ofMillis(20), Duration.ofMillis(200))
        .lease(Duration.ofSeconds(6))
        .renewInterval(Duration.ofMillis(500))
        .reapInterval(Duration.ofMillis(300))
        .storeTimeout(Duration.ofSeconds(2))
        .closeTimeout(Duration.ofMillis(100))
        .listener(events::add);
  }

  private static void limits(Limits.Builder limits) {
    limits
        .timeout(Duration.ofSeconds(2))
        .backoff(Backoff.exponential(Duration.ofMillis(50), Duration.ofMillis(100)))
        .maxAttempts(2);
  }

  private long count(Class<? extends PoolEvent> kind) {
    return events.stream().filter(kind::isInstance).count();
  }

  @ParameterizedTest(name = "maintenanceDataSource: {0}")
  @ValueSource(booleans = {true, false})
  void hungProcessorsThatHoldEveryConnectionOfTheHostStopNoDuty(boolean apart) throws SQLException {
    try (HikariDataSource host = new HikariDataSource()) {
      host.setDataSource(DB.dataSource());
      host.setMaximumPoolSize(SLOTS);
      host.setConnectionTimeout(Duration.ofSeconds(30).toMillis());
      PostgresQueue.Builder builder = PostgresQueue.builder(host).schema(DB.schema());
      if (apart) {
        builder.maintenanceDataSource(DB.dataSource());
      }
      PostgresQueue queue = builder.build();
      for (int i = 0; i < SLOTS; i++) {
        queue.enqueue(Item.of(TYPE, "hangs" + i, "x"));
      }
      AtomicInteger holding = new AtomicInteger();
      try (Pool pool =
          pool(queue)
              .processor(
                  TYPE,
                  (unit, run) -> {
                    if (unit.key().startsWith("hangs")) {
                      try (Connection connection = host.getConnection()) {
                        holding.incrementAndGet();
                        never.join();
                        assertThat(connection).isNotNull();
                      }
                    }
                    return Outcome.done();
                  },
                  PoolOnPostgresTest::limits)
              .start()) {
        int most = apart ? SLOTS : host.getMaximumPoolSize() - 5;
        until(() -> holding.get() >= most);
        until(() -> host.getHikariPoolMXBean().getIdleConnections() == 0);
        long lease = leaseEnd();
        until(() -> leaseEnd() > lease);
        claimOfADeadNode();
        until(() -> count(PoolEvent.ClaimReaped.class) == 1);
        try (Connection own = DB.dataSource().getConnection()) {
          for (int i = 0; i < 50; i++) {
            queue.enqueue(own, Item.of(TYPE, "healthy" + i, "x"));
          }
        }
        // The 50, and the one that was reaped.
        until(() -> count(PoolEvent.UnitCompleted.class) == 51);
        until(() -> DB.number("SELECT count(*) FROM deriver.dead") == SLOTS);
        until(() -> pool.health().live() == 0);
        assertThat(pool.health().abandoned()).isNotEmpty();
        assertThat(DB.column("SELECT error FROM deriver.dead"))
            .allSatisfy(error -> assertThat(error).contains("timeout").contains("at "));
      }
      never.complete(Outcome.done());
    }
  }

  private static long leaseEnd() {
    return DB.number(
        "SELECT (extract(epoch FROM max(expires_at)) * 1000)::bigint FROM deriver.node");
  }

  private static void claimOfADeadNode() {
    DB.execute(
        """
        WITH i AS (INSERT INTO deriver.item (type, key, payload, bytes, weight)
          VALUES ('message', 'orphan', '"x"', 3, 1) RETURNING id)
        INSERT INTO deriver.head (type, key, ids, available_at, attempts, fence, node, guard,
          claimed_at, taken, max_attempts)
        SELECT 'message', 'orphan', ARRAY[i.id], now(), 1, nextval('deriver.fence_number'), 'dead',
          now() + interval '1 hour', now(), 1, 5 FROM i
        """);
  }

  @Test
  void everyItemIsWorkedOnceInTheOrderOfItsKeyAndItsEffectIsThereOnce() {
    PostgresQueue queue = DB.queue();
    long keys = 20;
    long each = 30;
    List<Item<String>> items = new ArrayList<>();
    for (int i = 0; i < each; i++) {
      for (int k = 0; k < keys; k++) {
        items.add(Item.of(TYPE, "key" + k, "payload " + i));
      }
    }
    queue.enqueueAll(items);
    Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();
    Pool.Builder builder =
        pool(queue)
            .processor(
                TYPE,
                (unit, run) -> {
                  int tried =
                      tries.computeIfAbsent(unit.key(), k -> new AtomicInteger()).incrementAndGet();
                  return queue.apply(
                      handle -> {
                        insert(handle, unit, run.fence());
                        if (tried % 5 == 0) {
                          throw new IllegalStateException("after the effect, before the commit");
                        }
                      });
                },
                limits -> limits.maxItems(7).maxAttempts(50).backoff(fast()));
    try (Pool one = builder.start();
        Pool two = builder.name("second").start()) {
      until(() -> queue.counts().pendingItems() == 0);
      assertThat(one.health().live() + two.health().live()).isGreaterThanOrEqualTo(0);
    }
    // Each effect covers first to last of its key's items: together they must cover all, once.
    assertThat(DB.number("SELECT count(*) FROM deriver.effect")).isGreaterThan(keys * each / 7);
    assertThat(
            DB.column(
                """
                SELECT key FROM (
                  SELECT key, first, lag(last) OVER (PARTITION BY key ORDER BY fence) AS before
                    FROM deriver.effect) e
                 WHERE first <= before
                """))
        .as("effects out of order or twice")
        .isEmpty();
    assertThat(DB.number("SELECT sum(1 + (last - first) / " + keys + ") FROM deriver.effect"))
        .isEqualTo(keys * each);
  }

  @Test
  void eightKeysThatHangForEverLeaveSixSlotsToTheOthers() {
    PostgresQueue queue = DB.queue();
    for (int i = 0; i < SLOTS; i++) {
      queue.enqueue(Item.of(TYPE, "hangs" + i, "x"));
    }
    Set<RunContext> onProbation = ConcurrentHashMap.newKeySet();
    AtomicInteger mostOnProbation = new AtomicInteger();
    AtomicInteger held = new AtomicInteger();
    CountDownLatch gate = new CountDownLatch(1);
    try (Pool pool =
        pool(queue)
            // Each timeout leaves a thread behind, and on a busy machine there are many of them.
            .maxAbandoned(1_000)
            .processor(
                TYPE,
                (unit, run) -> {
                  if (run.attempt() > 1) {
                    onProbation.add(run);
                    onProbation.removeIf(RunContext::isCancelled);
                    mostOnProbation.accumulateAndGet(onProbation.size(), Math::max);
                  }
                  return never.join();
                },
                limits -> limits.timeout(Duration.ofMillis(400)).maxAttempts(100).backoff(fast()))
            .processor(
                HEALTHY,
                (unit, run) -> {
                  held.incrementAndGet();
                  gate.await();
                  return Outcome.done();
                },
                limits -> limits.timeout(Duration.ofMinutes(10)))
            .start()) {
      until(() -> count(PoolEvent.RunTimedOut.class) >= 2 * SLOTS);

      enqueueHealthy(queue, 0, SLOTS - 2);
      until(() -> held.get() == SLOTS - 2);
      long before = count(PoolEvent.RunTimedOut.class);
      until(() -> count(PoolEvent.RunTimedOut.class) >= before + SLOTS);

      enqueueHealthy(queue, SLOTS - 2, 50);
      gate.countDown();
      until(() -> count(PoolEvent.UnitCompleted.class) == 50);
      assertThat(mostOnProbation.get()).as("of 8 slots").isBetween(1, 2);
      assertThat(pool.health().abandoned()).isNotEmpty();
    }
  }

  private static void enqueueHealthy(PostgresQueue queue, int from, int to) {
    for (int i = from; i < to; i++) {
      queue.enqueue(Item.of(HEALTHY, "healthy" + i, "x"));
    }
  }

  private static Backoff fast() {
    return Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(5));
  }

  private static void insert(org.jdbi.v3.core.Handle handle, WorkUnit<String> unit, long fence) {
    handle.execute(
        "INSERT INTO " + DB.schema() + ".effect (key, first, last, fence) VALUES (?, ?, ?, ?)",
        unit.key(),
        unit.items().get(0).id(),
        unit.items().get(unit.items().size() - 1).id(),
        fence);
  }

  @Test
  void claimsWhoseAnswerTheNetworkLostAreWorkedSoonAndUncounted() throws Exception {
    CompletableFuture<Void> over = new CompletableFuture<>();
    Map<String, Integer> attempts = new ConcurrentHashMap<>();
    PGSimpleDataSource control = Db.dataSource("postgres");
    try (TcpProxy proxy = Db.through(control)) {
      PostgresQueue queue =
          PostgresQueue.builder(DB.dataSource())
              .schema(DB.schema())
              .maintenanceDataSource(control)
              .notifications(false)
              .build();
      queue.enqueue(Item.of(TYPE, "live", "x"));
      try (Pool pool =
          pool(queue)
              .processor(
                  TYPE,
                  (unit, run) -> {
                    attempts.put(unit.key(), run.attempt());
                    over.join();
                    return Outcome.done();
                  },
                  limits -> limits.timeout(Duration.ofHours(1)))
              .start()) {
        until(() -> attempts.containsKey("live"));
        Trap trap = proxy.cutAnswerSaying(1, "lost1");
        queue.enqueueAll(List.of(Item.of(TYPE, "lost1", "x"), Item.of(TYPE, "lost2", "x")));
        until(() -> attempts.size() == 3);
        assertThat(trap.caught()).isEqualTo(1);
        assertThat(attempts).containsEntry("lost1", 1).containsEntry("lost2", 1);
        assertThat(DB.number("SELECT count(*) FROM deriver.head WHERE lane >= 16")).isZero();
        assertThat(pool.health().live()).isEqualTo(3);
        over.complete(null);
      }
    }
  }
}
