package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.deriver.spi.WriteAnswer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A claim that a step may complete, a table for its effect, and one connection for steps. */
final class ApplyBench implements AutoCloseable {

  static final ItemType<String> MAIL = ItemType.of("mail", String.class);

  private final Db db;
  private final HikariDataSource pool = new HikariDataSource();
  private final PostgresQueue queue;
  private final NodeStore node;
  private final Claim claim;

  ApplyBench(Db db) {
    this.db = db;
    pool.setDataSource(db.dataSource());
    pool.setMaximumPoolSize(1);
    db.empty();
    db.execute(
        "CREATE TABLE IF NOT EXISTS deriver.effect (text text, id int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
    db.execute("TRUNCATE deriver.effect");
    queue =
        PostgresQueue.builder(pool)
            .schema(db.schema())
            .maintenanceDataSource(db.dataSource())
            .build();
    node = join(queue, Duration.ofSeconds(5));
    queue.enqueue(Item.of(MAIL, "key", "x"));
    claim = claimOne();
  }

  static NodeStore join(PostgresQueue queue, Duration callTimeout) {
    return queue
        .store()
        .join(new NodeSpec("apply", List.of("mail"), Duration.ofMinutes(1), callTimeout));
  }

  PostgresQueue queue() {
    return queue;
  }

  NodeStore node() {
    return node;
  }

  Claim claim() {
    return claim;
  }

  /** What steps take their one connection from. */
  HikariDataSource pool() {
    return pool;
  }

  Claim claimOne() {
    return node.claim(
            new ClaimRequest(
                List.of(new TypeTerms("mail", Duration.ofMinutes(5), 1, 1_000, 3)), 1, 1, 1))
        .claims()
        .get(0);
  }

  static CompletionStep step(Outcome outcome) {
    return ((Outcome.Apply) outcome).step();
  }

  long effects() {
    return db.number("SELECT count(*) FROM deriver.effect");
  }

  void write(Connection tx) throws SQLException {
    try (Statement statement = tx.createStatement()) {
      statement.execute(db.sql("INSERT INTO deriver.effect (text) VALUES ('x')"));
    }
  }

  void assertClaimStands() {
    assertThat(node.renew().held()).contains(claim.id().fence());
    assertThat(node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))))
        .containsExactly(WriteAnswer.DRAINED);
  }

  @Override
  public void close() {
    node.close();
    pool.close();
  }

  /** A gate that says yes and gives the abort away. */
  record Gate(List<AutoCloseable> aborts) implements NodeStore.ApplyGate {

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
