package io.deriver.jdbc;

import static io.deriver.jdbc.ApplyBench.join;
import static io.deriver.jdbc.ApplyBench.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.jdbc.ApplyBench.Gate;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.StoreException;
import io.deriver.spi.WriteAnswer;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Guards what becomes of the connection of a step: lost or cut off it completes nothing, and
 * whatever fails it goes back as it came.
 */
class ApplyConnectionTest {

  private static final Db DB = Db.installed("apply_connection");

  private final ApplyBench bench = new ApplyBench(DB);
  private final PostgresQueue queue = bench.queue();
  private final NodeStore node = bench.node();
  private final Claim claim = bench.claim();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  @DisplayName("a connection that dies under the step is the store's failure, not the unit's")
  void connectionLostInTheStep() {
    CompletionStep step =
        step(
            queue.applyJdbc(
                tx -> {
                  try (Statement statement = tx.createStatement()) {
                    statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
                  }
                }));

    assertThatThrownBy(() -> node.apply(claim.id(), step, Gate.open()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("broke while the step");
    bench.assertClaimStands();
  }

  @Test
  @DisplayName(
      "a cancelled step is cut off, the connection replaced, and a late cancel hits nobody")
  void cancelled() throws Exception {
    List<AutoCloseable> aborts = new CopyOnWriteArrayList<>();
    Gate gate = new Gate(aborts);
    CompletionStep hanging =
        step(
            queue.applyJdbc(
                tx -> {
                  bench.write(tx);
                  aborts.get(0).close();
                  bench.write(tx);
                }));
    assertThatThrownBy(() -> node.apply(claim.id(), hanging, gate))
        .isInstanceOf(StoreException.class)
        .hasCauseInstanceOf(SQLException.class);
    assertThat(bench.effects()).isZero();

    CompletionStep fine = step(queue.applyJdbc(bench::write));
    assertThat(node.apply(claim.id(), fine, gate)).isEqualTo(WriteAnswer.DRAINED);
    aborts.get(0).close();
    assertThat(queue.counts().pendingItems()).isZero();
    assertThat(bench.effects()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "whatever fails, a connection goes back without a transaction, even to a simple pool")
  void noTransactionGoesBack() throws Exception {
    CompletionStep step = step(queue.applyJdbc(bench::write));
    try (Connection real = DB.dataSource().getConnection()) {
      NodeStore simple = join(lending(real), Duration.ofSeconds(5));
      assertThatThrownBy(() -> simple.apply(claim.id(), step, new BrokenGate()))
          .isInstanceOf(InternalError.class);
      assertThat(real.getAutoCommit()).as("after a gate that broke").isTrue();

      DB.execute("ALTER FUNCTION deriver.apply_begin_v1 RENAME TO away");
      assertThatThrownBy(() -> simple.apply(claim.id(), step, Gate.open()))
          .isInstanceOf(StoreException.class);
      DB.execute("ALTER FUNCTION deriver.away RENAME TO apply_begin_v1");
      assertThat(real.getAutoCommit()).as("after a beginning that failed").isTrue();
      simple.close();
    }
    assertThat(bench.effects()).isZero();
    bench.assertClaimStands();
  }

  @Test
  @DisplayName("however the end goes, a connection goes back with the network timeout it came with")
  void networkTimeoutAsItCame() throws Exception {
    try (Connection real = DB.dataSource().getConnection();
        Connection other = DB.dataSource().getConnection()) {
      real.setNetworkTimeout(Runnable::run, 77_000);
      PostgresQueue lent = lending(real);
      NodeStore simple = join(lent, Duration.ofMillis(300));
      other.setAutoCommit(false);
      CompletionStep meetsALock =
          step(
              lent.applyJdbc(
                  tx -> Db.column(other, DB.sql("SELECT 1 FROM deriver.head FOR UPDATE"))));
      assertThat(simple.apply(claim.id(), meetsALock, Gate.open()))
          .isEqualTo(WriteAnswer.UNDECIDED);
      other.rollback();
      assertThat(real.getNetworkTimeout()).as("after a lock").isEqualTo(77_000);

      CompletionStep breaksARule =
          step(
              lent.applyJdbc(
                  tx ->
                      tx.createStatement()
                          .execute(
                              DB.sql("INSERT INTO deriver.effect VALUES ('x', 1), ('y', 1)"))));
      assertThatThrownBy(() -> simple.apply(claim.id(), breaksARule, Gate.open()))
          .isInstanceOf(SQLException.class);
      assertThat(real.getNetworkTimeout()).as("after a constraint").isEqualTo(77_000);

      CompletionStep losesItsClaim =
          step(
              lent.applyJdbc(
                  tx ->
                      node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed())))));
      assertThat(simple.apply(claim.id(), losesItsClaim, Gate.open()))
          .isEqualTo(WriteAnswer.REFUSED);
      assertThat(real.getNetworkTimeout()).as("after a refusal").isEqualTo(77_000);
      assertThat(real.getAutoCommit()).isTrue();
      simple.close();
    }
  }

  private static PostgresQueue lending(Connection real) {
    return PostgresQueue.builder(takingBackAsItIs(real))
        .schema(DB.schema())
        .maintenanceDataSource(DB.dataSource())
        .build();
  }

  private static DataSource takingBackAsItIs(Connection real) {
    Connection lent =
        (Connection)
            Proxy.newProxyInstance(
                ApplyConnectionTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, args) ->
                    method.getName().equals("close") ? null : method.invoke(real, args));
    return (DataSource)
        Proxy.newProxyInstance(
            ApplyConnectionTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, args) -> lent);
  }

  /** A gate that fails when it is to be closed. */
  private record BrokenGate() implements NodeStore.ApplyGate {

    @Override
    public void onCancel(AutoCloseable closeable) {}

    @Override
    public boolean close() {
      throw new InternalError("for the test");
    }
  }
}
