package io.deriver.examples;

import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.jdbc.PostgresQueue;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/** A host's main class, which a test starts in a JVM of its own. */
final class HostProcess {

  static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);

  private HostProcess() {}

  /**
   * Works what comes, or hangs in it. Arguments: the database's URL, and {@code hang} or nothing.
   */
  public static void main(String[] args) throws InterruptedException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(args[0]);
    CountDownLatch never = new CountDownLatch(1);
    Pool.Builder builder =
        Pool.builder(PostgresQueue.on(source).store())
            .pollInterval(Duration.ofMillis(20), Duration.ofMillis(200))
            .lease(Duration.ofSeconds(3))
            .renewInterval(Duration.ofMillis(300))
            .storeTimeout(Duration.ofSeconds(1))
            .completionGrace(Duration.ofSeconds(1))
            .reapInterval(Duration.ofMillis(200))
            .processor(
                SUMMARY,
                (unit, run) -> {
                  System.out.println("run " + unit.key());
                  if (args.length > 1) {
                    boolean unused = never.await(10, TimeUnit.MINUTES);
                  }
                  return Outcome.done();
                });
    try (Pool pool = builder.start()) {
      System.out.println("ready " + pool.name());
      never.await();
    }
  }
}
