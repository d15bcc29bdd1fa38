package io.deriver.soak.faults;

import io.deriver.soak.ledger.Fault;
import io.deriver.testkit.net.Trap;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the planned faults at their times, on a thread of its own. */
public final class FaultPlayer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FaultPlayer.class);

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int LOOKS = 400;

  /** Two of the worker's server processes, the oldest first, from a place that the pick says. */
  private static final String TERMINATE =
      """
      SELECT pg_terminate_backend(b.pid)
        FROM (SELECT a.pid, row_number() OVER (ORDER BY a.backend_start, a.pid) - 1 AS n, count(*) OVER () AS all
                FROM pg_stat_activity a WHERE a.application_name = ?) b
       WHERE b.n IN (? % b.all, (? + 1) % b.all)
      """;

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Queue<Trap> traps = new ConcurrentLinkedQueue<>();
  private final AtomicInteger skipped = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final List<Victim> victims;
  private final DataSource database;

  public FaultPlayer(List<Victim> victims, DataSource database) {
    this.victims = List.copyOf(victims);
    this.database = database;
  }

  /** From now on. */
  public void play(List<PlannedFault> faults) {
    for (PlannedFault fault : faults) {
      at(fault.at(), () -> strike(fault));
    }
  }

  private void at(Duration time, Act act) {
    var unused =
        thread.schedule(
            () -> {
              try {
                act.run();
              } catch (SQLException | RuntimeException e) {
                // A process that died by itself meanwhile cannot be stopped, for instance.
                failed.incrementAndGet();
                LOG.warn("a fault could not be done", e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            time.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void strike(PlannedFault planned) throws SQLException, InterruptedException {
    Victim victim = victims.get(planned.worker());
    if (!victim.isReady()) {
      // It is about to start. On a slow machine that takes, and it must come to work at all.
      skipped.incrementAndGet();
      return;
    }
    switch (planned.fault()) {
      case KILL -> victim.kill();
      case STOP -> {
        victim.stop();
        at(planned.lasts(), victim::resume);
      }
      case RESUME -> victim.resume();
      case HOLD -> killWhenHeld(victim, victim.hold(), LOOKS, planned.lasts());
      case CUT -> traps.add(victim.cut(planned.pick()));
      case CUT_ANSWER -> traps.add(victim.cutAnswer(planned.pick()));
      case CUT_ALL -> victim.cutAll();
      case TERMINATE -> terminate(victim, planned.pick());
    }
  }

  private void killWhenHeld(Victim victim, Trap trap, int looks, Duration lasts)
      throws SQLException, InterruptedException {
    if (trap.holding() == 0 && looks > 0) {
      at(LOOK, () -> killWhenHeld(victim, trap, looks - 1, lasts));
      return;
    }
    trap.catchNoMore();
    traps.add(trap);
    victim.kill();
    at(lasts, trap::letGo);
  }

  private void terminate(Victim victim, int pick) throws SQLException {
    victim.note(victim.current(), Fault.TERMINATE);
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(TERMINATE)) {
      statement.setString(1, victim.role());
      statement.setInt(2, pick);
      statement.setInt(3, pick - 1);
      statement.execute();
    }
  }

  /** How many connections were caught at their statements. */
  public int caught() {
    return traps.stream().mapToInt(Trap::caught).sum();
  }

  /** How many faults were due to a process that was not up. */
  public int skipped() {
    return skipped.get();
  }

  /** How many faults could not be done. */
  public int failed() {
    return failed.get();
  }

  /** No more faults; who is stopped goes on. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      boolean unused = thread.awaitTermination(1, TimeUnit.MINUTES);
      traps.forEach(Trap::letGo);
      for (Victim victim : victims) {
        victim.resumeAll();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the ledger cannot be written", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @FunctionalInterface
  private interface Act {
    void run() throws SQLException, InterruptedException;
  }
}
