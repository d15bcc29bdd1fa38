package io.deriver.jdbc;

import static java.util.stream.Collectors.joining;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import java.io.IOException;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * A process of {@link TwoProcessesTest}: works what comes and writes an effect for each item, for
 * one half of the keys by a step, for the other half in a transaction before it says done.
 */
final class DrainHost {

  static final ItemType<String> TYPE = ItemType.of("mail", String.class);
  static final int SLOTS = 8;
  static final String EFFECT =
      """
      CREATE TABLE effect (seq bigserial, item bigint, key text, node text, attempt int, started_at bigint)
      """;

  private final String name;
  private final PostgresQueue queue;
  private final Jdbi jdbi;

  private DrainHost(String name, HikariDataSource source) {
    this.name = name;
    queue = PostgresQueue.builder(source).build();
    jdbi = Jdbi.create(source);
  }

  /** Arguments: port and name. */
  public static void main(String[] args) throws IOException {
    try (HikariDataSource source = new HikariDataSource()) {
      source.setJdbcUrl("jdbc:postgresql://localhost:" + args[0] + "/postgres?user=postgres");
      source.setMaximumPoolSize(SLOTS + 8);
      DrainHost host = new DrainHost(args[1], source);
      // One that rests does so for far longer than the test allows.
      try (Pool pool =
          Pool.builder(host.queue.store())
              .name(args[1])
              .slots(SLOTS)
              .pollInterval(Duration.ofSeconds(20), Duration.ofSeconds(30))
              .listener(DrainHost::tell)
              .processor(TYPE, host::work, limits -> limits.maxItems(10))
              .build()) {
        System.out.println("ready");
        int unused = System.in.read();
        pool.start();
        System.out.println("started");
        // Until the parent is gone, or this process.
        while (System.in.read() >= 0) {}
      }
    }
  }

  private Outcome work(WorkUnit<String> unit, RunContext run) {
    long now = System.currentTimeMillis();
    if (unit.key().hashCode() % 2 == 0) {
      return queue.apply(handle -> write(handle, unit, run.attempt(), now));
    }
    jdbi.useTransaction(handle -> write(handle, unit, run.attempt(), now));
    return Outcome.done();
  }

  private void write(Handle handle, WorkUnit<String> unit, int attempt, long startedAt) {
    handle.execute(
        """
        INSERT INTO effect (item, key, node, attempt, started_at)
        SELECT u.id, ?, ?, ?, ? FROM unnest(?::bigint[]) WITH ORDINALITY u(id, n) ORDER BY u.n
        """,
        unit.key(),
        name,
        attempt,
        startedAt,
        unit.items().stream()
            .map(item -> String.valueOf(item.id()))
            .collect(joining(",", "{", "}")));
  }

  private static void tell(PoolEvent event) {
    if (event instanceof PoolEvent.WriteRefused
        || event instanceof PoolEvent.ClaimReaped
        || event instanceof PoolEvent.LeaseLost) {
      System.out.println("wrong: " + event);
    }
  }
}
