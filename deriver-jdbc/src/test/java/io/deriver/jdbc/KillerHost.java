package io.deriver.jdbc;

import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.WorkUnit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** A process of {@link KillersTest}: works what comes, and ends at once where it is told to. */
final class KillerHost {

  static final ItemType<String> TYPE = ItemType.of("mail", String.class);
  static final String KILL = "kill";
  static final int MAX_ATTEMPTS = 2;

  private KillerHost() {}

  /** Arguments: port and schema. */
  public static void main(String[] args) throws IOException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://localhost:" + args[0] + "/postgres?user=postgres");
    PostgresQueue queue = PostgresQueue.builder(source).schema(args[1]).build();
    try (Pool pool =
        Pool.builder(queue.store())
            .slots(4)
            .pollInterval(Duration.ofMillis(20), Duration.ofMillis(100))
            .lease(Duration.ofSeconds(2))
            .renewInterval(Duration.ofMillis(200))
            .storeTimeout(Duration.ofMillis(500))
            .reapInterval(Duration.ofMillis(200))
            .processor(
                TYPE,
                (unit, run) -> {
                  System.out.println("start " + unit.key() + " " + unit.payloads());
                  return work(queue, unit, args[1]);
                },
                limits -> limits.maxItems(3).maxAttempts(MAX_ATTEMPTS))
            .start()) {
      System.out.println("ready " + pool.name());
      // Until the parent is gone, or this process.
      int unused = System.in.read();
    }
  }

  private static Outcome work(PostgresQueue queue, WorkUnit<String> unit, String schema) {
    List<String> payloads = unit.payloads();
    if (payloads.contains(KILL)) {
      Runtime.getRuntime().halt(1);
    }
    return queue.apply(
        handle ->
            payloads.forEach(
                payload ->
                    handle.execute(
                        "INSERT INTO " + schema + ".effect VALUES (?, ?)", unit.key(), payload)));
  }
}
