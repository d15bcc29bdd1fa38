package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.StoreException;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.net.Trap;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Guards that every duty's call is bounded in time, and that no failure of one is felt by the next.
 */
class ControlConnectionsTest {

  private static final Db DB = Db.installed("control");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final Duration GENEROUS = Duration.ofSeconds(20);

  @BeforeEach
  void empty() {
    DB.empty();
  }

  private static NodeSpec spec(Duration storeTimeout) {
    return new NodeSpec("control", List.of("mail"), Duration.ofMinutes(1), storeTimeout);
  }

  private static PostgresQueue.Builder queue(DataSource source) {
    return PostgresQueue.builder(source).schema(DB.schema());
  }

  private static List<Claim> claim(NodeStore node) {
    return node.claim(
            new ClaimRequest(
                List.of(new TypeTerms("mail", Duration.ofMinutes(5), 1, 1_000, 3)), 10, 10, 10))
        .claims();
  }

  private static void everyDutyWorks(NodeStore node) {
    node.probe();
    node.renew();
    node.reap();
    List<OutcomeWrite> ends =
        claim(node).stream()
            .map(claim -> new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))
            .toList();
    assertThat(node.write(ends)).allMatch(WriteAnswer::isWritten);
  }

  /** Calls that may each fail once, and no more. */
  private static void recovers(NodeStore node) {
    List<Runnable> duties =
        List.of(node::probe, node::renew, () -> claim(node), () -> node.write(ofNobody()));
    for (Runnable duty : duties) {
      try {
        duty.run();
      } catch (StoreException e) {
        assertThat(e).hasMessageContaining("could not");
        duty.run();
      }
    }
    everyDutyWorks(node);
  }

  private static List<OutcomeWrite> ofNobody() {
    return List.of(
        new OutcomeWrite(
            new io.deriver.spi.ClaimId("mail", "nobody", 1, "nobody"), new ClaimEnd.Completed()));
  }

  @Test
  @DisplayName("connections that the server ended between two calls cost one call each")
  void killed() {
    PGSimpleDataSource source = Db.dataSource("postgres");
    source.setApplicationName("to be killed");
    PostgresQueue queue = queue(source).build();
    try (NodeStore node = queue.store().join(spec(Duration.ofSeconds(5)))) {
      kill("to be killed");
      recovers(node);
      queue.enqueue(Item.of(MAIL, "key", "x"));
      everyDutyWorks(node);
      assertThat(queue.counts().pendingItems()).isZero();
    }
  }

  @Test
  @DisplayName("a network that swallows everything costs a call its limit, and no thread hangs")
  void frozenNetwork() throws Exception {
    PGSimpleDataSource source = Db.dataSource("postgres");
    try (TcpProxy proxy = Db.through(source)) {
      NodeStore node =
          queue(source).notifications(false).build().store().join(spec(Duration.ofMillis(500)));
      Trap trap = proxy.freeze();
      for (Runnable duty : List.<Runnable>of(node::renew, node::renew, node::reap, node::probe)) {
        long before = System.nanoTime();
        assertThatThrownBy(duty::run).isInstanceOf(StoreException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(GENEROUS);
      }
      node.close();
      assertThat(trap.caught()).isPositive();
    }
  }

  @Test
  @DisplayName(
      "a DataSource that hangs is given up, asked once and not again and again, and used when it answers")
  void hangingDataSource() {
    PGSimpleDataSource real = Db.dataSource("postgres");
    real.setApplicationName("hangs");
    HangingDataSource source = new HangingDataSource(real);
    PostgresQueue queue = queue(source.proxy()).notifications(false).build();
    try (NodeStore node = queue.store().join(spec(Duration.ofMillis(500)))) {
      source.hang();
      kill("hangs");
      for (int i = 0; i < 4; i++) {
        assertThatThrownBy(node::renew).isInstanceOf(StoreException.class);
      }
      assertThat(source.hanging()).isEqualTo(1);
      source.release();
      await().atMost(GENEROUS).ignoreExceptions().until(() -> node.renew().held().isEmpty());
    }
  }

  @Test
  @DisplayName(
      "a connection that comes when its call has given up is not lost when the node leaves")
  void lateConnection() {
    PGSimpleDataSource real = Db.dataSource("postgres");
    real.setApplicationName("comes late");
    HangingDataSource source = new HangingDataSource(real);
    PostgresQueue queue =
        queue(DB.dataSource()).maintenanceDataSource(source.proxy()).notifications(false).build();
    NodeStore node = queue.store().join(spec(Duration.ofMillis(500)));
    kill("comes late");
    assertThatThrownBy(node::reap).isInstanceOf(StoreException.class);
    source.hang();
    assertThatThrownBy(node::reap).isInstanceOf(StoreException.class);
    source.release();
    String count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'comes late'";
    await().atMost(GENEROUS).until(() -> DB.number(count) == 1);

    node.close();

    await().atMost(GENEROUS).until(() -> DB.number(count) == 0);
  }

  private static void kill(String application) {
    assertThat(
            DB.column(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = '"
                    + application
                    + "'"))
        .hasSizeGreaterThanOrEqualTo(4)
        .containsOnly("t");
  }

  @Test
  @DisplayName("an interrupted thread writes all the same, and stays interrupted")
  void interrupted() throws Exception {
    PostgresQueue queue = queue(DB.dataSource()).build();
    try (NodeStore node = queue.store().join(spec(Duration.ofSeconds(5)))) {
      queue.enqueue(Item.of(MAIL, "key", "x"));
      Claim claim = claim(node).get(0);
      JoinedThreads threads = new JoinedThreads();
      threads.start(
          () -> {
            Thread.currentThread().interrupt();
            assertThat(node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))))
                .containsExactly(WriteAnswer.DRAINED);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
          });
      threads.join();
    }
  }

  @Test
  @DisplayName("a pool whose every other connection is held by processors stops no duty")
  void exhaustedPool() throws Exception {
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(DB.dataSource());
      pool.setMaximumPoolSize(6);
      PostgresQueue queue = queue(pool).notifications(false).build();
      queue.enqueue(Item.of(MAIL, "key", "x"));
      try (NodeStore node = queue.store().join(spec(Duration.ofSeconds(5)))) {
        List<Connection> held =
            new ArrayList<>(List.of(pool.getConnection(), pool.getConnection()));
        assertThat(pool.getHikariPoolMXBean().getIdleConnections()).isZero();
        everyDutyWorks(node);
        assertThat(node.remarks()).anyMatch(remark -> remark.contains("maintenanceDataSource"));
        for (Connection connection : held) {
          connection.close();
        }
      }
      await().atMost(GENEROUS).until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
      try (Connection connection = pool.getConnection()) {
        assertThat(Db.column(connection, "SHOW statement_timeout")).containsExactly("0");
        assertThat(connection.getNetworkTimeout()).isZero();
      }
    }
  }

  @Test
  @DisplayName("a pool too small for the duties is refused at the join, by name, and gets all back")
  void poolTooSmall() {
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(DB.dataSource());
      pool.setMaximumPoolSize(2);
      pool.setConnectionTimeout(20_000);
      PostgresQueue queue = queue(pool).notifications(false).build();

      assertThatThrownBy(() -> queue.store().join(spec(Duration.ofMillis(500))))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("maintenanceDataSource");
      await().atMost(GENEROUS).until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
    }
  }

  @Test
  @DisplayName(
      "a lock that does not come and a statement that does not end are given up by the server")
  void serverLimits() throws Exception {
    PostgresQueue queue = queue(DB.dataSource()).build();
    try (NodeStore node = queue.store().join(spec(Duration.ofSeconds(2)));
        Connection other = DB.dataSource().getConnection()) {
      other.setAutoCommit(false);
      other.createStatement().execute(DB.sql("LOCK TABLE deriver.node"));
      assertThatThrownBy(node::renew).hasMessageContaining("a lock did not come in time");
      other.rollback();
      DB.execute(
          """
          CREATE FUNCTION deriver.slow() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN PERFORM pg_sleep(60); RETURN NEW; END';
          CREATE TRIGGER slow BEFORE UPDATE ON deriver.node FOR EACH ROW EXECUTE FUNCTION deriver.slow()
          """);
      assertThatThrownBy(node::renew).hasMessageContaining("57014");
      DB.execute("DROP TRIGGER slow ON deriver.node; DROP FUNCTION deriver.slow()");
      assertThat(node.renew().held()).isEmpty();
    }
  }

  @Test
  @DisplayName("what a call has locked is free when it is given up, though its commit never came")
  void halfDelivered() {
    assumeTrue(Db.endsHalfDeliveredTransactions());
    PGSimpleDataSource source = Db.dataSource("postgres");
    try (TcpProxy proxy = Db.through(source)) {
      PostgresQueue queue = queue(source).notifications(false).build();
      try (NodeStore node = queue.store().join(spec(Duration.ofSeconds(4)))) {
        queue.enqueue(Item.of(MAIL, "key", "x"));
        Trap trap = proxy.holdBehind("renew_v1(");
        assertThatThrownBy(node::renew).isInstanceOf(StoreException.class);
        assertThat(trap.holding()).isEqualTo(1);
        // It writes the node's row, as a renewal does, and waits for a lock for a second at most.
        assertThat(claim(node)).hasSize(1);
        trap.letGo();
      }
    }
  }

  @Test
  @DisplayName("each call is one transaction and leaves no session state behind")
  void noSessionState() throws Exception {
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(DB.dataSource());
      pool.setMaximumPoolSize(4);
      PostgresQueue queue =
          queue(DB.dataSource())
              .maintenanceDataSource(pool)
              .notifications(false)
              .serverPreparedStatements(false)
              .build();
      try (NodeStore node = queue.store().join(spec(Duration.ofSeconds(5)))) {
        assertThat(node.remarks()).isEmpty();
        for (int i = 0; i < 10; i++) {
          queue.enqueue(Item.of(MAIL, "key", "x"));
          everyDutyWorks(node);
        }
      }
      for (int i = 0; i < 4; i++) {
        Connection connection = pool.getConnection();
        assertThat(Db.column(connection, "SELECT statement FROM pg_prepared_statements")).isEmpty();
        for (String setting :
            List.of("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")) {
          assertThat(Db.column(connection, "SHOW " + setting)).as(setting).containsExactly("0");
        }
      }
    }
  }

  /** A DataSource whose getConnection() can be made to hang, as one on a dead network does. */
  private static final class HangingDataSource {

    private final DataSource real;
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger hanging = new AtomicInteger();
    private volatile boolean hangs;

    HangingDataSource(DataSource real) {
      this.real = real;
    }

    void hang() {
      hangs = true;
    }

    int hanging() {
      return hanging.get();
    }

    void release() {
      hangs = false;
      released.countDown();
    }

    DataSource proxy() {
      return (DataSource)
          java.lang.reflect.Proxy.newProxyInstance(
              HangingDataSource.class.getClassLoader(),
              new Class<?>[] {DataSource.class},
              (proxy, method, args) -> {
                if (hangs) {
                  hanging.incrementAndGet();
                  released.await();
                }
                return method.invoke(real, args);
              });
    }
  }
}
