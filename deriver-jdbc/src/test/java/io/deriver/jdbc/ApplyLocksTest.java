package io.deriver.jdbc;

import static io.deriver.jdbc.ApplyBench.MAIL;
import static io.deriver.jdbc.ApplyBench.join;
import static io.deriver.jdbc.ApplyBench.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.jdbc.ApplyBench.Gate;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.WriteAnswer;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Guards that a step holds no lock of the queue while it runs, and that it waits for none for long.
 */
class ApplyLocksTest {

  private static final Db DB = Db.installed("apply_locks");

  private final ApplyBench bench = new ApplyBench(DB);
  private final PostgresQueue queue = bench.queue();
  private final NodeStore node = bench.node();
  private final Claim claim = bench.claim();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  @DisplayName(
      "while a step runs, its key's router, renewal and reaping go on, and it sees its limits")
  void aRunningStepHoldsNoLock() throws Exception {
    CompletionStep step =
        step(
            queue.applyJdbc(
                tx -> {
                  bench.write(tx);
                  DB.queue().enqueue(Item.of(MAIL, "key", "y"));
                  DB.queue().enqueue(Item.of(MAIL, "other", "y"));
                  assertThat(bench.claimOne().id().key()).isEqualTo("other");
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
    assertThat(bench.claimOne().id().key()).isEqualTo("key");
  }

  @Test
  @DisplayName(
      "a head locked at the end is UNDECIDED, everything rolled back, the connection as it was")
  void lockedHead() throws Exception {
    bench.pool().setConnectionTimeout(5_000);
    try (Connection other = DB.dataSource().getConnection()) {
      other.setAutoCommit(false);
      CompletionStep step =
          step(
              queue.applyJdbc(
                  tx -> {
                    bench.write(tx);
                    Db.column(other, DB.sql("SELECT 1 FROM deriver.head FOR UPDATE"));
                  }));
      NodeStore quick = join(queue, Duration.ofMillis(300));
      assertThat(quick.apply(claim.id(), step, Gate.open())).isEqualTo(WriteAnswer.UNDECIDED);
      assertThat(bench.effects()).isZero();
      assertThat(node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))))
          .containsExactly(WriteAnswer.UNDECIDED);
      other.rollback();
      quick.close();
    }
    bench.assertClaimStands();
    try (Connection connection = bench.pool().getConnection()) {
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(Db.column(connection, "SHOW statement_timeout")).containsExactly("0");
    }
  }
}
