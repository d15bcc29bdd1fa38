package io.deriver.soak.faults;

import io.deriver.soak.ledger.Fault;
import io.deriver.soak.ledger.LedgerWriter;
import io.deriver.soak.worker.Worker;
import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.net.Trap;
import io.deriver.testkit.process.JavaProcess;
import io.deriver.testkit.process.Supervisor;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker, started again whenever it dies, and its network. Used by one thread at a time. */
public final class Victim implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Victim.class);

  private static final List<String> STATEMENTS =
      List.of(
          "claim_v1(",
          "settle_v1(",
          "renew_v1(",
          "reap_v1(",
          "apply_begin_v1(",
          "apply_end_v1(",
          ".ledger",
          "COMMIT");
  private static final List<String> COMMITS = List.of("apply_end_v1(", "COMMIT");

  // What goes before the end of a step, in the same request. Held from there on, the server waits
  // in an idle transaction; held in the middle, its limit on a whole transaction would end it.
  private static final String BEFORE_THE_END = "SELECT set_config('lock_timeout'";

  private final String role;
  private final TcpProxy network;
  private final Supervisor supervisor;
  private final LedgerWriter ledger;
  private final Queue<JavaProcess> stopped = new ArrayDeque<>();

  public Victim(String role, TcpProxy network, Supervisor supervisor, LedgerWriter ledger) {
    this.role = role;
    this.network = network;
    this.supervisor = supervisor;
    this.ledger = ledger;
  }

  /** What its connections are called in the server. */
  public String role() {
    return role;
  }

  /** The process that runs now. */
  public JavaProcess current() {
    return supervisor.current();
  }

  /** Whether the process that runs now works. */
  public boolean isReady() {
    return current().lines().stream().anyMatch(line -> line.startsWith("ready"));
  }

  void kill() throws SQLException, InterruptedException {
    JavaProcess process = current();
    if (process.isAlive()) {
      note(process, Fault.KILL);
      process.kill();
    }
  }

  void stop() throws SQLException, InterruptedException {
    JavaProcess process = current();
    if (process.isAlive() && !stopped.contains(process)) {
      note(process, Fault.STOP);
      stopped.add(process);
      process.stop();
    }
  }

  /** Lets the one go on that was stopped first. */
  void resume() throws SQLException, InterruptedException {
    JavaProcess process = stopped.poll();
    if (process != null && process.isAlive()) {
      note(process, Fault.RESUME);
      process.resume();
    }
  }

  void resumeAll() throws SQLException, InterruptedException {
    while (!stopped.isEmpty()) {
      resume();
    }
  }

  /** Commits of steps do not arrive from now on. */
  Trap hold() throws SQLException {
    note(current(), Fault.HOLD);
    return network.hold(BEFORE_THE_END);
  }

  Trap cut(int pick) throws SQLException {
    note(current(), Fault.CUT);
    return network.cut(1, STATEMENTS.get(pick % STATEMENTS.size()));
  }

  Trap cutAnswer(int pick) throws SQLException {
    note(current(), Fault.CUT_ANSWER);
    return network.cutAnswer(1, COMMITS.get(pick % COMMITS.size()));
  }

  void cutAll() throws SQLException {
    note(current(), Fault.CUT_ALL);
    network.cutAll();
  }

  void note(JavaProcess process, Fault fault) throws SQLException {
    String name = Worker.name(role, process.pid());
    LOG.info("{} {}", fault, name);
    ledger.faulted(name, fault);
  }

  @Override
  public void close() {
    supervisor.close();
    network.close();
  }
}
