package io.deriver.soak.worker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.deriver.Pool;
import io.deriver.jdbc.PostgresQueue;
import io.deriver.soak.ledger.LedgerWriter;
import io.deriver.spi.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * A process of the soak: one pool, whose connections go through the soak's network, and a ledger
 * whose connections do not.
 */
public final class Worker {

  /** What its main takes, as system properties. */
  public static final String ROLE = "worker.role";

  public static final String SEED = "worker.seed";
  public static final String TIMEOUT_MILLIS = "worker.timeout.millis";
  public static final String QUEUE_URL = "worker.queue.url";
  public static final String LEDGER_URL = "worker.ledger.url";
  public static final String QUEUE_SCHEMA = "worker.queue.schema";
  public static final String LEDGER_SCHEMA = "worker.ledger.schema";
  public static final String EFFECTS_OUTSIDE = "worker.effects.outside";

  private static final int MAINTENANCE = 5;
  private static final int LEDGER = 4;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final long IMPATIENT_MILLIS = 1_500;

  private Worker() {}

  /** Works until its standard input ends. */
  public static void main(String[] args) throws IOException {
    String process = name(System.getProperty(ROLE), ProcessHandle.current().pid());
    DataSource own = connections(System.getProperty(LEDGER_URL), LEDGER, Map.of());
    Map<String, String> named = Map.of("ApplicationName", System.getProperty(ROLE));
    String url = System.getProperty(QUEUE_URL);
    PostgresQueue queue =
        PostgresQueue.builder(connections(url, Terms.SLOTS, named))
            .maintenanceDataSource(connections(url, MAINTENANCE, named))
            .schema(System.getProperty(QUEUE_SCHEMA))
            .build();
    LedgerWriter ledger = new LedgerWriter(own, System.getProperty(LEDGER_SCHEMA));
    Duration timeout = Duration.ofMillis(Long.getLong(TIMEOUT_MILLIS));
    Work work =
        new Work(
            process,
            Long.getLong(SEED),
            queue,
            ledger,
            timeout,
            Boolean.getBoolean(EFFECTS_OUTSIDE));
    Pool.Builder pool =
        Pool.builder(queue.store())
            .name(process)
            .listener(new Teller(process, ledger))
            .processor(Terms.TYPE, work, limits -> Terms.of(limits, timeout));
    Terms.of(pool);
    try (Pool built = pool.build()) {
      start(built);
      System.out.println("ready " + built.name());
      int unused = System.in.read();
    }
  }

  // The network may be cut, or the machine busy, just now.
  private static void start(Pool pool) {
    while (true) {
      try {
        pool.start();
        return;
      } catch (StoreException e) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** How a process is named in the ledger. */
  public static String name(String role, long pid) {
    return role + "-" + pid;
  }

  private static DataSource connections(String url, int most, Map<String, String> properties) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(most);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(IMPATIENT_MILLIS);
    properties.forEach(config::addDataSourceProperty);
    // The database may be cut off at the moment.
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }
}
