package io.deriver.soak;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.deriver.jdbc.PostgresQueue;
import io.deriver.soak.faults.FaultPlan;
import io.deriver.soak.faults.FaultPlayer;
import io.deriver.soak.faults.Victim;
import io.deriver.soak.judge.Verdict;
import io.deriver.soak.ledger.LedgerTable;
import io.deriver.soak.ledger.LedgerWriter;
import io.deriver.soak.worker.Terms;
import io.deriver.soak.worker.Worker;
import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.process.JavaProcess;
import io.deriver.testkit.process.Supervisor;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run: a queue and a ledger of its own, workers, enqueuers, faults; then the verdict. */
public final class SoakRun {

  private static final Logger LOG = LoggerFactory.getLogger(SoakRun.class);
  private static final Duration RESTART = Duration.ofMillis(200);
  private static final Duration READY = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration LOOK_HARD = Duration.ofSeconds(2);
  private static final int AT_THE_LONGEST = 4;
  private static final int OWN_CONNECTIONS = 10;
  private static final int HOSTS_CONNECTIONS = 4;

  private final Settings settings;
  private final Server server;
  private final String queueSchema;
  private final LedgerTable table;

  /**
   * @param name of this run, which its two schemas begin with; what they hold is dropped
   */
  public SoakRun(Settings settings, Server server, String name) {
    this.settings = settings;
    this.server = server;
    queueSchema = name + "_queue";
    table = new LedgerTable(name + "_ledger");
  }

  /** Runs it. */
  public Verdict run() throws SQLException {
    try (HikariDataSource own = connections(server.url(), OWN_CONNECTIONS);
        TcpProxy network = TcpProxy.toPostgres(server.host(), server.port());
        HikariDataSource hosts = connections(server.url(network.port()), HOSTS_CONNECTIONS)) {
      prepare(own);
      LedgerWriter ledger = new LedgerWriter(own, table.schema());
      PostgresQueue queue = PostgresQueue.builder(own).schema(queueSchema).build();
      Lines lines =
          settings.file() == null ? Lines.madeUp(settings.seed()) : Lines.of(settings.file());
      Enqueuers enqueuers = new Enqueuers(settings, lines, queue, ledger, hosts, network);
      Evidence evidence = new Evidence(own, queueSchema, table, settings);
      List<Victim> workers = new ArrayList<>();
      try (Watcher watcher = new Watcher(own, queueSchema, ledger)) {
        start(workers, ledger);
        watcher.start();
        return play(workers, enqueuers, watcher, evidence, own);
      } finally {
        workers.forEach(Victim::close);
      }
    }
  }

  private Verdict play(
      List<Victim> workers,
      Enqueuers enqueuers,
      Watcher watcher,
      Evidence evidence,
      DataSource database)
      throws SQLException {
    try (enqueuers;
        FaultPlayer player = new FaultPlayer(workers, database)) {
      enqueuers.start();
      player.play(plan().faults(Terms.LEASE));
      if (settings.broken() != null) {
        return untilNoticed(settings.broken(), evidence);
      }
      faults(enqueuers, evidence);
      LOG.info(
          "{} connections were caught at a statement, {} faults skipped, {} could not be done",
          player.caught(),
          player.skipped(),
          player.failed());
    }
    boolean drained = await(settings.drain(), LOOK, () -> watcher.pending() == 0);
    LOG.info(
        "{} items rolled back, {} in transactions that broke, drained: {}",
        enqueuers.rolledBack(),
        enqueuers.broken(),
        drained);
    return evidence.verdict(true);
  }

  /** As long as was asked for, and on a slow machine until there was enough to judge by. */
  private void faults(Enqueuers enqueuers, Evidence evidence) throws SQLException {
    boolean unused = await(settings.time(), settings.time(), () -> false);
    unused =
        await(
            settings.time().multipliedBy(AT_THE_LONGEST - 1),
            LOOK_HARD,
            () -> enqueuers.isDone() && evidence.verdict(false).violations().isEmpty());
  }

  private Verdict untilNoticed(Broken broken, Evidence evidence) throws SQLException {
    boolean unused =
        await(
            settings.time().multipliedBy(AT_THE_LONGEST),
            LOOK_HARD,
            () -> broken.isNoticed(evidence.verdict(false)));
    return evidence.verdict(false);
  }

  private FaultPlan plan() {
    return new FaultPlan(
        settings.seed(),
        settings.time().multipliedBy(AT_THE_LONGEST),
        settings.every(),
        settings.processes(),
        settings.faults());
  }

  /** Says whether it came to be so in time. */
  private static boolean await(Duration atMost, Duration between, Condition condition)
      throws SQLException {
    long from = System.nanoTime();
    while (!condition.holds()) {
      long left = atMost.toNanos() - (System.nanoTime() - from);
      if (left <= 0) {
        return false;
      }
      LockSupport.parkNanos(Math.min(left, between.toNanos()));
    }
    return true;
  }

  private void prepare(DataSource own) throws SQLException {
    try (Connection connection = own.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS " + queueSchema + " CASCADE");
      table.make(connection);
    }
    PostgresQueue.builder(own).schema(queueSchema).installSchema();
    if (settings.broken() != null) {
      try (Connection connection = own.getConnection()) {
        settings.broken().in(connection, queueSchema);
      }
    }
  }

  private void start(List<Victim> workers, LedgerWriter ledger) throws SQLException {
    for (int i = 0; i < settings.processes(); i++) {
      TcpProxy network = TcpProxy.toPostgres(server.host(), server.port());
      String role = "soak-worker-" + i;
      Supervisor supervisor = Supervisor.start(process(role, network), RESTART);
      workers.add(new Victim(role, network, supervisor, ledger));
    }
    for (Victim worker : workers) {
      if (!await(READY, LOOK, worker::isReady)) {
        throw new IllegalStateException(
            "%s is not ready after %s: %s"
                .formatted(worker.role(), READY, worker.current().lines()));
      }
    }
  }

  private JavaProcess.Builder process(String role, TcpProxy network) {
    return JavaProcess.of(Worker.class)
        .name(role)
        .jvmArgs("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .property(Worker.ROLE, role)
        .property(Worker.SEED, String.valueOf(settings.seed()))
        .property(Worker.TIMEOUT_MILLIS, String.valueOf(settings.timeout().toMillis()))
        .property(Worker.QUEUE_URL, server.url(network.port()))
        .property(Worker.LEDGER_URL, server.url())
        .property(Worker.QUEUE_SCHEMA, queueSchema)
        .property(Worker.LEDGER_SCHEMA, table.schema())
        .property(Worker.EFFECTS_OUTSIDE, String.valueOf(settings.broken() == Broken.APPLY));
  }

  private static HikariDataSource connections(String url, int most) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(most);
    return new HikariDataSource(config);
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws SQLException;
  }
}
