package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Backoff;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.jdbc.HungCall.Way;
import io.deriver.spi.StoreException;
import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.net.Trap;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Guards that a server that is killed in the middle of a statement, before its commit or between
 * the commit and its answer, and then recovers, has lost nothing: no call is repeated, and no step
 * takes effect twice.
 */
@Timeout(180)
class KilledServerTest {

  private static final ItemType<String> WORK = ItemType.of("work", String.class);
  private static final ItemType<String> STEP = ItemType.of("step", String.class);
  private static final List<HungCall> CALLS =
      List.of(
          HungCall.ENQUEUE,
          HungCall.CLAIM,
          HungCall.RENEW,
          HungCall.COMPLETE,
          HungCall.FAIL,
          HungCall.REAP,
          HungCall.STEP_END);

  private static CrashingServer server;

  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final AtomicBoolean toldThatAllIsWell = new AtomicBoolean();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = new CrashingServer(folder.resolve("data"));
    PostgresQueue.builder(server.dataSource()).installSchema();
    execute("CREATE TABLE effect (key text)");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Arguments> calls() {
    return CALLS.stream()
        .flatMap(
            call -> Stream.of(Way.HALF_HELD, Way.ANSWER_HELD).map(way -> Arguments.of(call, way)));
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = server.dataSource().getConnection()) {
      connection.createStatement().execute(sql);
    }
  }

  private static List<String> column(String sql) throws SQLException {
    try (Connection connection = server.dataSource().getConnection()) {
      List<String> column = new ArrayList<>();
      Db.column(connection, sql).forEach(value -> column.add(String.valueOf(value)));
      return column;
    }
  }

  private static PostgresQueue queue(DataSource source) {
    return PostgresQueue.builder(source).notifications(false).build();
  }

  private Pool pool(PostgresQueue queue) {
    return Pool.builder(queue.store())
        .pollInterval(Duration.ofMillis(20), Duration.ofMillis(300))
        .renewInterval(Duration.ofMillis(300))
        .reapInterval(Duration.ofMillis(300))
        .storeTimeout(Duration.ofSeconds(4))
        .lease(Duration.ofSeconds(60))
        .closeTimeout(Duration.ofMillis(100))
        .processor(WORK, this::work, KilledServerTest::limits)
        .processor(STEP, (unit, run) -> step(queue, unit), KilledServerTest::limits)
        .start();
  }

  private static void limits(Limits.Builder limits) {
    limits.backoff(Backoff.exponential(Duration.ofMillis(20), Duration.ofMillis(50)));
  }

  private Outcome work(WorkUnit<String> unit, RunContext run) throws InterruptedException {
    int called = calls.merge(unit.key(), 1, Integer::sum);
    CountDownLatch awaited = unit.key().equals("live") ? end : gate;
    assertThat(awaited.await(2, TimeUnit.MINUTES)).isTrue();
    if (unit.key().equals("fails") && called == 1) {
      throw new IllegalStateException("on purpose");
    }
    return Outcome.done();
  }

  private static Outcome step(PostgresQueue queue, WorkUnit<String> unit) {
    return queue.apply(tx -> tx.execute("INSERT INTO effect VALUES (?)", unit.key()));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("calls")
  void killedInTheMiddle(HungCall call, Way way) throws Exception {
    execute("TRUNCATE effect");
    PostgresQueue direct = queue(server.dataSource());
    PGSimpleDataSource through = server.dataSource();
    try (TcpProxy proxy = Db.through(through)) {
      PostgresQueue queue = queue(through);
      try (Pool pool = pool(queue)) {
        for (String key : List.of("live", "works", "fails")) {
          direct.enqueue(Item.of(WORK, key, "x"));
        }
        until(() -> calls.size() == 3);
        pool.pause();
        direct.enqueue(Item.of(WORK, "waits", "x"));
        direct.enqueue(Item.of(STEP, "steps", "x"));
        if (call == HungCall.REAP) {
          orphan();
        }
        until(() -> call != HungCall.CLAIM || pool.health().live() == 3);

        Trap trap = call.trap(way, proxy);
        provoke(call, pool, queue, () -> trap.holding() > 0);
        server.crash();
        trap.letGo();
        server.startAgain();
        pool.resume();
        gate.countDown();
        end.countDown();

        until(() -> direct.counts().pendingItems() == 0);
        until(() -> pool.health().unwritten() == 0);
        assertThat(direct.counts().deadItems()).isZero();
        assertThat(column("SELECT key FROM effect")).containsExactly("steps");
        assertThat(calls.remove("fails")).isEqualTo(2);
        assertThat(calls).allSatisfy((key, n) -> assertThat(n).as(key).isEqualTo(1));
        assertThat(calls.keySet()).contains("live", "works", "waits");
        assertThat(calls.containsKey("orphan")).isEqualTo(call == HungCall.REAP);
        // Whatever the host was told, the item is there if and only if it was committed.
        boolean committed = call == HungCall.ENQUEUE && way == Way.ANSWER_HELD;
        assertThat(calls.containsKey("enqueued")).isEqualTo(committed);
        assertThat(toldThatAllIsWell).matches(told -> committed || !told.get());
      }
    }
  }

  private void provoke(HungCall call, Pool pool, PostgresQueue queue, Callable<Boolean> caught)
      throws Exception {
    Thread host = new Thread(() -> enqueueAsHost(queue));
    switch (call) {
      case ENQUEUE -> host.start();
      case CLAIM, STEP_END -> pool.resume();
      case COMPLETE, FAIL -> gate.countDown();
      default -> {}
    }
    until(caught);
  }

  // Once the server is dead, an answer that was on its way may still arrive.
  private void enqueueAsHost(PostgresQueue queue) {
    try {
      queue.enqueue(Item.of(WORK, "enqueued", "x"));
      toldThatAllIsWell.set(true);
    } catch (StoreException e) {
      assertThat(e).hasMessageContaining("enqueue");
    }
  }

  /** What a process that died has left behind. */
  private static void orphan() throws SQLException {
    execute(
        """
        WITH i AS (INSERT INTO deriver.item (type, key, payload, bytes, weight)
          VALUES ('work', 'orphan', '"x"', 3, 1) RETURNING id)
        INSERT INTO deriver.head (type, key, ids, available_at, attempts, fence, node, guard,
          claimed_at, taken, max_attempts)
        SELECT 'work', 'orphan', ARRAY[i.id], now(), 1, nextval('deriver.fence_number'), 'dead',
          now() + interval '1 hour', now(), 1, 5 FROM i
        """);
  }
}
