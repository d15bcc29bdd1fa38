package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Backoff;
import io.deriver.Health;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.spi.StoreException;
import io.deriver.testkit.net.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A pool in a schema of its own, with a network of the test's for the pool's connections and
 * another for the host's, and a ledger of what became of each item.
 */
final class HungWorld implements AutoCloseable {

  /** How fast everything goes. */
  record Tempo(
      Duration lease,
      Duration renewInterval,
      Duration reapInterval,
      Duration storeTimeout,
      Duration callTimeout,
      Duration hold,
      Duration bound) {}

  private static final ItemType<String> WORK = ItemType.of("work", String.class);
  private static final ItemType<String> STEP = ItemType.of("step", String.class);
  private static final ItemType<String> LATE = ItemType.of("late", String.class);
  private static final int CONTROL_CONNECTIONS = 5;

  final TcpProxy control;
  final TcpProxy host;
  final PostgresQueue queue;
  final Pool pool;
  final List<PoolEvent> events = new CopyOnWriteArrayList<>();

  private final String name;
  private final Tempo tempo;
  private final Db db;
  private final PostgresQueue direct;
  private final Set<String> enqueued = ConcurrentHashMap.newKeySet();
  private final Map<Long, Integer> ends = new ConcurrentHashMap<>();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final Set<String> failedOnce = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Outcome> never = new CompletableFuture<>();
  private final Map<String, CountDownLatch> gates =
      Map.of("gate a", new CountDownLatch(1), "gate b", new CountDownLatch(1));

  HungWorld(String name, Tempo tempo) {
    this.name = name;
    this.tempo = tempo;
    db = Db.installed(name);
    db.execute(
        "DROP TABLE IF EXISTS deriver.effect; CREATE TABLE deriver.effect (id bigint, key text)");
    PGSimpleDataSource hosts = source("_host");
    PGSimpleDataSource controls = source("_control");
    host = Db.through(hosts);
    control = Db.through(controls);
    direct = db.queue();
    queue =
        PostgresQueue.builder(hosts)
            .schema(name)
            .maintenanceDataSource(controls)
            .callTimeout(tempo.callTimeout())
            .build();
    pool =
        Pool.builder(queue.store())
            .name(name)
            .slots(8)
            .lease(tempo.lease())
            .renewInterval(tempo.renewInterval())
            .reapInterval(tempo.reapInterval())
            .storeTimeout(tempo.storeTimeout())
            .pollInterval(Duration.ofMillis(20), Duration.ofMillis(300))
            .closeTimeout(Duration.ofMillis(100))
            .listener(events::add)
            .processor(WORK, this::work, limits -> limits(limits, Duration.ofMinutes(10)))
            .processor(STEP, this::step, limits -> limits(limits, Duration.ofSeconds(3)))
            .processor(LATE, this::late, limits -> limits(limits, Duration.ofSeconds(3)))
            .build();
  }

  private PGSimpleDataSource source(String suffix) {
    PGSimpleDataSource source = Db.dataSource("postgres");
    source.setApplicationName(name + suffix);
    return source;
  }

  private static void limits(Limits.Builder limits, Duration timeout) {
    limits
        .timeout(timeout)
        .maxAttempts(50)
        .backoff(Backoff.exponential(Duration.ofMillis(20), Duration.ofMillis(100)));
  }

  private Outcome work(WorkUnit<String> unit, RunContext run) throws Exception {
    CountDownLatch gate = gates.get(unit.key());
    if (gate != null) {
      gate.await();
    } else if (unit.key().startsWith("fails") && failedOnce.add(unit.key())) {
      throw new IllegalStateException("on purpose");
    } else if (unit.key().startsWith("rests") && failedOnce.add(unit.key())) {
      return Outcome.release(Duration.ofMillis(20), "on purpose");
    }
    return end(unit, run, Outcome.done());
  }

  // What became of a step, its effect tells: many may be tried, and one is committed.
  private Outcome step(WorkUnit<String> unit, RunContext run) {
    return queue.apply(
        handle ->
            handle.execute(
                "INSERT INTO " + name + ".effect VALUES (?, ?)",
                unit.items().get(0).id(),
                unit.key()));
  }

  private Outcome late(WorkUnit<String> unit, RunContext run) {
    return run.attempt() == 1 ? never.join() : end(unit, run, Outcome.done());
  }

  private Outcome end(WorkUnit<String> unit, RunContext run, Outcome outcome) {
    if (!run.isCancelled()) {
      ends.merge(unit.items().get(0).id(), 1, Integer::sum);
      ended.add(unit.key());
    }
    return outcome;
  }

  void until(Callable<Boolean> condition) {
    await().atMost(tempo.bound()).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  // On a machine that is busy with other cases the join may take longer than a call of it may.
  private boolean starts() {
    try {
      pool.start();
      return true;
    } catch (StoreException e) {
      return false;
    }
  }

  /** Two runs that go on until they are told to end, and one that hangs and will be ended. */
  void begin() {
    until(this::starts);
    enqueue("gate a", "gate b", "late");
    until(() -> started("gate a") && started("gate b") && started("late"));
  }

  /** Adds items past the network of the test, each of the type that its key begins with. */
  void enqueue(String... keys) {
    for (String key : keys) {
      enqueued.add(key);
      direct.enqueue(item(key));
    }
  }

  /** Adds one as the host does, through the network of the test. */
  void enqueueAsHost(String key) {
    enqueued.add(key);
    queue.enqueue(item(key));
  }

  private static Item<String> item(String key) {
    ItemType<String> type = key.startsWith("late") ? LATE : isStep(key) ? STEP : WORK;
    return Item.of(type, key, key);
  }

  private static boolean isStep(String key) {
    return key.startsWith("step");
  }

  void open(String gate) {
    gates.getOrDefault(gate, new CountDownLatch(1)).countDown();
  }

  boolean started(String key) {
    return events.stream()
        .anyMatch(event -> event instanceof PoolEvent.RunStarted e && e.claim().key().equals(key));
  }

  /** Whether its outcome is written, as far as anybody can tell. */
  boolean isWritten(String key) {
    return events.stream()
        .anyMatch(
            event ->
                (event instanceof PoolEvent.UnitCompleted e && e.claim().key().equals(key))
                    || (event instanceof PoolEvent.WriteUnknown u && u.claim().key().equals(key)));
  }

  boolean timedOut(String key) {
    return events.stream()
        .anyMatch(event -> event instanceof PoolEvent.RunTimedOut e && e.claim().key().equals(key));
  }

  boolean hasEnded(String key) {
    return ended.contains(key);
  }

  long count(Class<? extends PoolEvent> kind) {
    return events.stream().filter(kind::isInstance).count();
  }

  /** How often a pass of this duty has failed. */
  long failures(String duty) {
    return events.stream()
        .filter(event -> event instanceof PoolEvent.DutyFailed e && e.duty().equals(duty))
        .count();
  }

  boolean recovered(String duty) {
    return events.stream()
        .anyMatch(event -> event instanceof PoolEvent.DutyRecovered e && e.duty().equals(duty));
  }

  /** What a process that died has left behind. */
  void orphan(String key) {
    enqueued.add(key);
    db.execute(
        """
        WITH i AS (INSERT INTO deriver.item (type, key, payload, bytes, weight)
          VALUES ('work', '%1$s', '"x"', 3, 1) RETURNING id)
        INSERT INTO deriver.head (type, key, ids, available_at, attempts, fence, node, guard,
          claimed_at, taken, max_attempts)
        SELECT 'work', '%1$s', ARRAY[i.id], now(), 1, nextval('deriver.fence_number'), 'dead',
          now() + interval '1 hour', now(), 1, 5 FROM i
        """
            .formatted(key));
  }

  /** Whether a reaper took it back: it told so, or its answer was lost and somebody works it. */
  boolean reaped(String key) {
    return hasEnded(key)
        || events.stream()
            .anyMatch(
                event -> event instanceof PoolEvent.ClaimReaped e && e.claim().key().equals(key));
  }

  long leaseEnd() {
    return db.number(
        "SELECT (extract(epoch FROM max(expires_at)) * 1000)::bigint FROM deriver.node");
  }

  long connections() {
    return db.number(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + name + "_control'");
  }

  private long hostConnections() {
    return db.number(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + name + "_host'");
  }

  /** Everything ends, once; nothing is left behind. */
  void endsWell() {
    gates.values().forEach(CountDownLatch::countDown);
    until(() -> ended.containsAll(enqueued.stream().filter(key -> !isStep(key)).toList()));
    until(() -> db.number("SELECT count(*) FROM deriver.item") == 0);
    until(() -> db.number("SELECT count(*) FROM deriver.head") == 0);
    until(() -> pool.health().live() == 0 && pool.health().unwritten() == 0);
    assertThat(ends.values()).as("ends of each item: %s", ends).containsOnly(1);
    assertThat(db.number("SELECT count(*) FROM deriver.dead_letter")).isZero();
    assertThat(db.column("SELECT key FROM deriver.effect"))
        .containsExactlyInAnyOrderElementsOf(enqueued.stream().filter(HungWorld::isStep).toList());
    until(() -> connections() <= CONTROL_CONNECTIONS);
    until(() -> hostConnections() == 0);
    never.complete(Outcome.done());
    until(() -> pool.health().abandoned().isEmpty());
    until(() -> pool.health().readiness() == Health.Status.UP);
    assertThat(pool.health().liveness()).isEqualTo(Health.Status.UP);
  }

  @Override
  public void close() {
    never.complete(Outcome.done());
    pool.close();
    control.close();
    host.close();
  }
}
