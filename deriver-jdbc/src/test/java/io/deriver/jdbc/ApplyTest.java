package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeSpec;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guards that a step commits with its claim or not at all, whatever its code does to the
 * transaction.
 */
class ApplyTest {

  private static final Db DB = Db.installed("apply");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);

  private final HikariDataSource pool = new HikariDataSource();
  private final PostgresQueue queue;
  private final NodeStore node;
  private final Claim claim;

  ApplyTest() {
    pool.setDataSource(DB.dataSource());
    pool.setMaximumPoolSize(1);
    DB.empty();
    DB.execute(
        "CREATE TABLE IF NOT EXISTS deriver.effect (text text, id int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
    DB.execute("TRUNCATE deriver.effect");
    queue =
        PostgresQueue.builder(pool)
            .schema(DB.schema())
            .maintenanceDataSource(DB.dataSource())
            .build();
    node =
        queue
            .store()
            .join(
                new NodeSpec(
                    "apply", List.of("mail"), Duration.ofMinutes(1), Duration.ofSeconds(5)));
    queue.enqueue(Item.of(MAIL, "key", "x"));
    claim = claimOne();
  }

  @BeforeEach
  void nothingWritten() {
    assertThat(effects()).isZero();
  }

  @AfterEach
  void close() {
    node.close();
    pool.close();
  }

  private Claim claimOne() {
    return node.claim(
            new ClaimRequest(
                List.of(new TypeTerms("mail", Duration.ofMinutes(5), 1, 1_000, 3)), 1, 1, 1))
        .claims()
        .get(0);
  }

  private static CompletionStep step(Outcome outcome) {
    return ((Outcome.Apply) outcome).step();
  }

  private static long effects() {
    return DB.number("SELECT count(*) FROM deriver.effect");
  }

  private static void write(Connection tx) throws SQLException {
    try (Statement statement = tx.createStatement()) {
      statement.execute(DB.sql("INSERT INTO deriver.effect (text) VALUES ('x')"));
    }
  }

  private void theClaimStillStands() {
    assertThat(node.renew().held()).contains(claim.id().fence());
    assertThat(node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))))
        .containsExactly(WriteAnswer.WRITTEN);
  }

  @Test
  @DisplayName("a step with JDBI, transactions of its own inside, commits once")
  void jdbi() throws Exception {
    CompletionStep step =
        step(
            queue.apply(
                tx ->
                    tx.useTransaction(
                        inner ->
                            inner.execute(
                                DB.sql("INSERT INTO deriver.effect (text) VALUES ('x')")))));

    assertThat(node.apply(claim.id(), step, Gate.open())).isEqualTo(WriteAnswer.WRITTEN);
    assertThat(node.apply(claim.id(), step, Gate.open())).isEqualTo(WriteAnswer.REFUSED);
    assertThat(effects()).isEqualTo(1);
    assertThat(queue.counts().pendingItems()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"commit", "rollback", "close", "autocommit"})
  @DisplayName("a step that tries to end its transaction fails, and nothing is written")
  void endingTheTransaction(String how) {
    CompletionStep step =
        step(
            queue.applyJdbc(
                tx -> {
                  write(tx);
                  switch (how) {
                    case "commit" -> tx.commit();
                    case "rollback" -> tx.rollback();
                    case "close" -> tx.close();
                    default -> tx.setAutoCommit(true);
                  }
                }));

    assertThatThrownBy(() -> node.apply(claim.id(), step, Gate.open()))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("is not for a completion step");
    assertThat(effects()).isZero();
    theClaimStillStands();
  }

  @Test
  @DisplayName(
      "a COMMIT sent as SQL is found out: the claim is not completed, and the step is told")
  void commitAsSql() {
    CompletionStep step =
        step(
            queue.applyJdbc(
                tx -> {
                  try (Statement statement = tx.createStatement()) {
                    statement.execute("COMMIT");
                  }
                }));

    assertThatThrownBy(() -> node.apply(claim.id(), step, Gate.open()))
        .hasMessageContaining("ended the transaction");
    theClaimStillStands();
  }

  @Test
  @DisplayName("a handle that the step closes is an error, not a commit")
  void closedHandle() {
    CompletionStep step = step(queue.apply(tx -> tx.close()));
    assertThatThrownBy(() -> node.apply(claim.id(), step, Gate.open()))
        .isInstanceOf(IllegalStateException.class);
    theClaimStillStands();
  }

  @Test
  @DisplayName("a constraint that fails at the commit takes the completion back with it")
  void failingCommit() {
    CompletionStep step =
        step(
            queue.applyJdbc(
                tx -> {
                  try (Statement statement = tx.createStatement()) {
                    statement.execute(
                        DB.sql("INSERT INTO deriver.effect VALUES ('a', 1), ('b', 1)"));
                  }
                }));

    assertThatThrownBy(() -> node.apply(claim.id(), step, Gate.open()))
        .as("a failure of the unit, so that its attempt counts")
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
    assertThat(effects()).isZero();
    theClaimStillStands();
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
    theClaimStillStands();
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
                  write(tx);
                  aborts.get(0).close();
                  write(tx);
                }));
    assertThatThrownBy(() -> node.apply(claim.id(), hanging, gate))
        .isInstanceOf(StoreException.class)
        .hasCauseInstanceOf(SQLException.class);
    assertThat(effects()).isZero();

    CompletionStep fine = step(queue.applyJdbc(ApplyTest::write));
    assertThat(node.apply(claim.id(), fine, gate)).isEqualTo(WriteAnswer.WRITTEN);
    aborts.get(0).close();
    assertThat(queue.counts().pendingItems()).isZero();
    assertThat(effects()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "while a step runs, its key's router, renewal and reaping go on, and it sees its limits")
  void aRunningStepHoldsNoLock() throws Exception {
    CompletionStep step =
        step(
            queue.applyJdbc(
                tx -> {
                  write(tx);
                  queue2().enqueue(Item.of(MAIL, "key", "y"));
                  queue2().enqueue(Item.of(MAIL, "other", "y"));
                  assertThat(claimOne().id().key()).isEqualTo("other");
                  assertThat(
                          DB.number("SELECT cardinality(ids) FROM deriver.head WHERE key = 'key'"))
                      .isEqualTo(2);
                  assertThat(node.renew().held()).hasSize(2);
                  assertThat(node.reap().reaped()).isEmpty();
                  // The last is of Postgres 17; it also runs while a request stays half delivered.
                  for (String limit :
                      List.of(
                          "statement_timeout",
                          "idle_in_transaction_session_timeout",
                          "lock_timeout",
                          "transaction_timeout")) {
                    assertThat(
                            Long.parseLong(
                                String.valueOf(
                                    Db.column(
                                            tx,
                                            "SELECT setting FROM pg_settings WHERE name = '"
                                                + limit
                                                + "'")
                                        .get(0))))
                        .as(limit)
                        .isBetween(200_000L, 300_000L);
                  }
                }));

    assertThat(node.apply(claim.id(), step, Gate.open())).isEqualTo(WriteAnswer.WRITTEN);
    assertThat(claimOne().id().key()).isEqualTo("key");
  }

  private static PostgresQueue queue2() {
    return DB.queue();
  }

  @Test
  @DisplayName(
      "a head locked at the end is UNDECIDED, everything rolled back, the connection as it was")
  void lockedHead() throws Exception {
    pool.setConnectionTimeout(5_000);
    try (Connection other = DB.dataSource().getConnection()) {
      other.setAutoCommit(false);
      CompletionStep step =
          step(
              queue.applyJdbc(
                  tx -> {
                    write(tx);
                    Db.column(other, DB.sql("SELECT 1 FROM deriver.head FOR UPDATE"));
                  }));
      NodeStore quick =
          queue
              .store()
              .join(
                  new NodeSpec(
                      "quick", List.of("mail"), Duration.ofMinutes(1), Duration.ofMillis(300)));
      assertThat(quick.apply(claim.id(), step, Gate.open())).isEqualTo(WriteAnswer.UNDECIDED);
      assertThat(effects()).isZero();
      assertThat(node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))))
          .containsExactly(WriteAnswer.UNDECIDED);
      other.rollback();
      quick.close();
    }
    theClaimStillStands();
    try (Connection connection = pool.getConnection()) {
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(Db.column(connection, "SHOW statement_timeout")).containsExactly("0");
    }
  }

  @Test
  @DisplayName(
      "whatever fails, a connection goes back without a transaction, even to a simple pool")
  void noTransactionGoesBack() throws Exception {
    CompletionStep step = step(queue.applyJdbc(ApplyTest::write));
    try (Connection real = DB.dataSource().getConnection()) {
      NodeStore simple =
          PostgresQueue.builder(takingBackAsItIs(real))
              .schema(DB.schema())
              .maintenanceDataSource(DB.dataSource())
              .build()
              .store()
              .join(
                  new NodeSpec(
                      "simple", List.of("mail"), Duration.ofMinutes(1), Duration.ofSeconds(5)));
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
    assertThat(effects()).isZero();
    theClaimStillStands();
  }

  @Test
  @DisplayName("however the end goes, a connection goes back with the network timeout it came with")
  void networkTimeoutAsItCame() throws Exception {
    try (Connection real = DB.dataSource().getConnection();
        Connection other = DB.dataSource().getConnection()) {
      real.setNetworkTimeout(Runnable::run, 77_000);
      PostgresQueue lent =
          PostgresQueue.builder(takingBackAsItIs(real))
              .schema(DB.schema())
              .maintenanceDataSource(DB.dataSource())
              .build();
      NodeStore simple =
          lent.store()
              .join(
                  new NodeSpec(
                      "simple", List.of("mail"), Duration.ofMinutes(1), Duration.ofMillis(300)));
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

  private static DataSource takingBackAsItIs(Connection real) {
    Connection lent =
        (Connection)
            Proxy.newProxyInstance(
                ApplyTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, args) ->
                    method.getName().equals("close") ? null : method.invoke(real, args));
    return (DataSource)
        Proxy.newProxyInstance(
            ApplyTest.class.getClassLoader(),
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

  /** A gate that says yes and gives the abort away. */
  private record Gate(List<AutoCloseable> aborts) implements NodeStore.ApplyGate {

    static Gate open() {
      return new Gate(new CopyOnWriteArrayList<>());
    }

    @Override
    public void onCancel(AutoCloseable closeable) {
      aborts.add(closeable);
    }

    @Override
    public boolean close() {
      return true;
    }
  }
}
