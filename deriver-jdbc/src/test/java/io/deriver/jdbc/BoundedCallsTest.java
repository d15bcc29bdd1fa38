package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimId;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.StoreException;
import io.deriver.testkit.net.Direction;
import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.net.Trap;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Guards that calls on the host's own threads are bounded, too, by the server, by the network and
 * in writing; and that no duty waits for ever for a connection that never comes.
 */
class BoundedCallsTest {

  private static final Db DB = Db.installed("bounded");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final Duration LIMIT = Duration.ofMillis(500);
  private static final Duration GENEROUS = Duration.ofSeconds(20);

  private final PGSimpleDataSource source = Db.dataSource("postgres");

  @BeforeEach
  void empty() {
    DB.empty();
  }

  private static PostgresQueue.Builder queue(DataSource source) {
    return PostgresQueue.builder(source)
        .schema(DB.schema())
        .callTimeout(LIMIT)
        .notifications(false)
        .maxPayloadBytes(64 << 20);
  }

  /** Lends connections that are open already, so that what hangs is what is done on them. */
  private static DataSource lending(DataSource real, int count) throws SQLException {
    Queue<Connection> open = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < count; i++) {
      open.add(real.getConnection());
    }
    return (DataSource)
        java.lang.reflect.Proxy.newProxyInstance(
            BoundedCallsTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, args) -> open.remove());
  }

  @Test
  @DisplayName("every call of a host ends on a network that swallows everything, in writing too")
  void frozenNetwork() throws Exception {
    try (TcpProxy proxy = Db.through(source)) {
      DataSource lending = lending(source, 9);
      PostgresQueue queue = queue(lending).build();
      Map<String, Runnable> calls = new LinkedHashMap<>();
      calls.put("enqueue", () -> queue.enqueue(Item.of(MAIL, "key", "x")));
      calls.put("enqueue much", () -> queue.enqueue(Item.of(MAIL, "key", "x".repeat(16 << 20))));
      calls.put("counts", queue::counts);
      calls.put("deadLetters", () -> queue.deadLetters("mail", 0, 10));
      calls.put("requeue", () -> queue.requeue(List.of(1L)));
      calls.put("discard", () -> queue.discard(List.of(1L)));
      calls.put("build", () -> queue(lending).build());
      calls.put("installSchema", () -> queue(lending).installSchema());
      Map<String, Duration> took = endsOnAFrozenNetwork(proxy, calls);
      assertThat(took.values()).allMatch(time -> time.compareTo(GENEROUS) < 0);
      System.out.println("on a frozen network, with a callTimeout of " + LIMIT + ": " + took);
    }
  }

  @Test
  @DisplayName("a duty's call that hangs in writing is cut off, too")
  void dutyThatHangsInWriting() throws Exception {
    // More than the buffers of both ends take.
    Map<Long, String> errors = new HashMap<>();
    for (long id = 0; id < 2_000; id++) {
      errors.put(id, "x".repeat(16_000));
    }
    List<OutcomeWrite> writes =
        List.of(
            new OutcomeWrite(
                new ClaimId("mail", "nobody", 1, "nobody"), new ClaimEnd.Split(Set.of(), errors)));
    try (TcpProxy proxy = Db.through(source)) {
      PostgresQueue queue =
          queue(DB.dataSource()).maintenanceDataSource(source).notifications(false).build();
      NodeSpec spec = new NodeSpec("bounded", List.of("mail"), Duration.ofMinutes(1), LIMIT);
      try (NodeStore node = queue.store().join(spec)) {
        endsOnAFrozenNetwork(proxy, Map.of("write", () -> node.write(writes)));
      }
    }
  }

  private static Map<String, Duration> endsOnAFrozenNetwork(
      TcpProxy proxy, Map<String, Runnable> calls) throws InterruptedException {
    Map<String, Duration> took = new ConcurrentHashMap<>();
    JoinedThreads threads = new JoinedThreads();
    Trap trap = proxy.freeze(Direction.TO_SERVER);
    calls.forEach(
        (name, call) ->
            threads.start(
                () -> {
                  long before = System.nanoTime();
                  assertThatThrownBy(call::run).as(name).isInstanceOf(StoreException.class);
                  took.put(name, Duration.ofNanos(System.nanoTime() - before));
                }));
    threads.join();
    assertThat(took).hasSameSizeAs(calls);
    trap.letGo();
    return took;
  }

  @Test
  @DisplayName("every call of a host that meets a lock is ended by the server")
  void locks() throws Exception {
    // Once with time to load classes in, which would else pass within a transaction.
    PostgresQueue patient = queue(DB.dataSource()).callTimeout(Duration.ofMinutes(1)).build();
    patient.counts();
    patient.deadLetters("mail", 0, 10);
    patient.requeue(List.of(1L));
    patient.discard(List.of(1L));
    PostgresQueue queue = queue(DB.dataSource()).build();
    try (Connection other = DB.dataSource().getConnection()) {
      other.setAutoCommit(false);
      other
          .createStatement()
          .execute(
              DB.sql(
                  "LOCK TABLE deriver.item, deriver.dead_letter, deriver.head,"
                      + " deriver.schema_version"));
      other.createStatement().execute(advisoryLockOfTheInstallation());
      for (Runnable call :
          List.<Runnable>of(
              () -> queue.enqueue(Item.of(MAIL, "key", "x")),
              queue::counts,
              () -> queue.deadLetters("mail", 0, 10),
              () -> queue.requeue(List.of(1L)),
              () -> queue.discard(List.of(1L)),
              () -> queue(DB.dataSource()).build(),
              () -> queue(DB.dataSource()).installSchema())) {
        // Not by the network: the server itself lets go of it.
        assertThatThrownBy(call::run)
            .isInstanceOf(StoreException.class)
            .hasMessageMatching("(?s).*(57014|55P03).*");
      }
      other.rollback();
    }
    queue.enqueue(Item.of(MAIL, "key", "x"));
    assertThat(queue.counts().pendingItems()).isEqualTo(1);
  }

  private static String advisoryLockOfTheInstallation() {
    return "SELECT pg_advisory_xact_lock(hashtext('deriver install " + DB.schema() + "'))";
  }

  @Test
  @DisplayName("a network timeout of the host's that is shorter stays, and is there afterwards")
  void shorterTimeoutOfTheHost() throws Exception {
    PGSimpleDataSource quick = Db.dataSource("postgres");
    quick.setSocketTimeout(1);
    try (TcpProxy proxy = Db.through(quick)) {
      PostgresQueue queue =
          PostgresQueue.builder(lending(quick, 2)).schema(DB.schema()).notifications(false).build();
      Trap trap = proxy.freeze(Direction.TO_CLIENT);
      long before = System.nanoTime();
      assertThatThrownBy(() -> queue.enqueue(Item.of(MAIL, "key", "x")))
          .isInstanceOf(StoreException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(GENEROUS);
      trap.letGo();
    }
  }

  @Test
  @DisplayName("a connection whose peer falls silent while it is opened does not end the duty")
  void neverOpened() {
    source.setApplicationName("never opened");
    try (TcpProxy proxy = Db.through(source)) {
      PostgresQueue queue =
          queue(DB.dataSource()).maintenanceDataSource(source).notifications(false).build();
      NodeSpec spec = new NodeSpec("bounded", List.of("mail"), Duration.ofMinutes(1), LIMIT);
      try (NodeStore node = queue.store().join(spec)) {
        Trap trap = proxy.hold("user\0postgres");
        proxy.cutAll();
        assertThatThrownBy(node::renew).isInstanceOf(StoreException.class);
        assertThatThrownBy(node::renew).hasMessageContaining("gave no connection");
        assertThat(trap.holding()).isEqualTo(1);
        trap.catchNoMore();

        await()
            .atMost(GENEROUS.multipliedBy(2))
            .ignoreExceptions()
            .until(() -> node.renew().held().isEmpty());

        assertThat(trap.holding()).isEqualTo(1);
        String count =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'never opened'";
        assertThat(DB.number(count)).isEqualTo(1);
        trap.letGo();
        await().atMost(GENEROUS).until(() -> proxy.open() == 1);
        assertThat(DB.number(count)).isEqualTo(1);
      }
    }
  }

  @Test
  @DisplayName("a listener on a network that swallows everything sees so, and listens anew")
  void deafListener() throws Exception {
    try (TcpProxy proxy = Db.through(source)) {
      PostgresQueue queue =
          queue(DB.dataSource()).maintenanceDataSource(source).notifications(true).build();
      NodeSpec spec = new NodeSpec("bounded", List.of("mail"), Duration.ofMinutes(1), LIMIT);
      try (NodeStore node = queue.store().join(spec)) {
        await().atMost(GENEROUS).until(() -> node.remarks().isEmpty());
        Trap trap = proxy.freeze();
        await()
            .atMost(GENEROUS.multipliedBy(2))
            .until(() -> node.remarks().toString().contains("not listening"));
        trap.letGo();
        await().atMost(GENEROUS.multipliedBy(2)).until(() -> node.remarks().isEmpty());
      }
    }
  }
}
