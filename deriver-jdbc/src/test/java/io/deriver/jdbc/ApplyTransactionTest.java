package io.deriver.jdbc;

import static io.deriver.jdbc.ApplyBench.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.jdbc.ApplyBench.Gate;
import io.deriver.spi.Claim;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.WriteAnswer;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guards that a step commits with its claim or not at all, whatever its code does to the
 * transaction.
 */
class ApplyTransactionTest {

  private static final Db DB = Db.installed("apply_transaction");

  private final ApplyBench bench = new ApplyBench(DB);
  private final PostgresQueue queue = bench.queue();
  private final NodeStore node = bench.node();
  private final Claim claim = bench.claim();

  @AfterEach
  void close() {
    bench.close();
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

    assertThat(node.apply(claim.id(), step, Gate.open())).isEqualTo(WriteAnswer.DRAINED);
    assertThat(node.apply(claim.id(), step, Gate.open())).isEqualTo(WriteAnswer.REFUSED);
    assertThat(bench.effects()).isEqualTo(1);
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
                  bench.write(tx);
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
    assertThat(bench.effects()).isZero();
    bench.assertClaimStands();
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
    bench.assertClaimStands();
  }

  @Test
  @DisplayName("a handle that the step closes is an error, not a commit")
  void closedHandle() {
    CompletionStep step = step(queue.apply(tx -> tx.close()));
    assertThatThrownBy(() -> node.apply(claim.id(), step, Gate.open()))
        .isInstanceOf(IllegalStateException.class);
    bench.assertClaimStands();
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
    assertThat(bench.effects()).isZero();
    bench.assertClaimStands();
  }
}
