package io.deriver.jdbc.internal;

import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.ReapReport;
import io.deriver.spi.Renewal;
import io.deriver.spi.StoreException;
import io.deriver.spi.WriteAnswer;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pool's way to Postgres: one connection for each duty. */
final class PostgresNode implements NodeStore {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresNode.class);

  // Short, since each claim writes it twice: into the row of its key and into an index.
  private final String nodeId = Long.toUnsignedString(new SecureRandom().nextLong(), 36);
  private final StoreParts parts;
  private final NodeSpec spec;
  private final SideThreads side;
  private final ControlConnection claiming;
  private final ControlConnection writing;
  private final ControlConnection renewing;
  private final ControlConnection reaping;
  private final ClaimCall claimCall;
  private final SettleCall settleCall;
  private final NodeCalls nodeCalls;
  private final GatherCalls gatherCalls;
  private final ReapCall reapCall;
  private final Purges purges;
  private final ApplyCall applyCall;
  private final Tx tx;
  private final List<Runnable> hints = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable Listener listener;

  PostgresNode(StoreParts parts, NodeSpec spec) {
    this.parts = parts;
    this.spec = spec;
    side = new SideThreads("deriver-jdbc-" + spec.pool());
    claiming = control("claim", spec);
    writing = control("write", spec);
    renewing = control("renew", spec);
    reaping = control("reap", spec);
    tx =
        Tx.limited(
            spec.storeTimeout(),
            shorter(spec.storeTimeout().dividedBy(2), Duration.ofSeconds(1)),
            // No lock outlives the call that took it. Else each try to renew would find the node's
            // row locked by the one before, and claims, which write it too, would starve.
            spec.storeTimeout().plus(ControlConnection.TO_COMMIT));
    Tx ending = tx.keeping(parts.retention());
    claimCall = new ClaimCall(nodeId, spec, parts.schema(), tx);
    settleCall = new SettleCall(parts.schema(), ending);
    nodeCalls = new NodeCalls(nodeId, spec, parts.schema(), tx);
    gatherCalls = new GatherCalls(spec, parts.schema(), tx);
    reapCall = new ReapCall(spec, gatherCalls, parts.schema(), ending);
    purges = new Purges(parts.retention(), parts.schema(), tx);
    applyCall = new ApplyCall(parts, spec.storeTimeout());
  }

  private ControlConnection control(String duty, NodeSpec spec) {
    return new ControlConnection(duty, parts, spec.storeTimeout(), side);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Checks the schema and takes all connections, or leaves nothing behind. */
  PostgresNode join() {
    try {
      SchemaCheck check = new SchemaCheck(parts.schema());
      reaping.call(
          "join the store",
          connection ->
              tx.<Boolean, SQLException>around(connection, () -> check.forWorking(connection)));
      renewing.call("join the store", nodeCalls::join);
      renewing.call("join the store", gatherCalls::declare);
      claiming.call("join the store", connection -> connection.isValid(1));
      writing.call("join the store", connection -> connection.isValid(1));
      if (parts.notifications()) {
        listener =
            new Listener(
                "deriver-jdbc-" + spec.pool(),
                parts.control(),
                parts.schema(),
                spec.storeTimeout(),
                side,
                () -> Hints.give(hints));
      }
      return this;
    } catch (RuntimeException | Error e) {
      release();
      throw e;
    }
  }

  @Override
  public String nodeId() {
    return nodeId;
  }

  @Override
  public ClaimBatch claim(ClaimRequest request) {
    ClaimCall.Result result =
        claiming.call("claim", connection -> claimCall.claim(connection, request));
    if (!result.hollow().isEmpty()) {
      LOG.warn(
          "The items of {} are gone, though their keys still named them; the keys go on without"
              + " them",
          result.hollow());
      List<OutcomeWrite> ends =
          result.hollow().stream()
              .map(id -> new OutcomeWrite(id, new ClaimEnd.Completed()))
              .toList();
      repair(ends);
    }
    return result.batch();
  }

  // The other claims are made: a repair that fails must not take their answer with it. What is not
  // repaired is given back as a claim that nobody works, and found again by the next one.
  private void repair(List<OutcomeWrite> ends) {
    try {
      claiming.call("repair", connection -> settleCall.settle(connection, ends));
    } catch (StoreException e) {
      LOG.warn("Keys without items were not repaired; the next claim finds them again", e);
    }
  }

  @Override
  public List<WriteAnswer> write(List<OutcomeWrite> writes) {
    return writing.call("write outcomes", connection -> settleCall.settle(connection, writes));
  }

  @Override
  public WriteAnswer apply(ClaimId claim, CompletionStep step, ApplyGate gate) throws Exception {
    if (!(step instanceof Step mine)) {
      throw new IllegalArgumentException(
          "the completion step of %s is a %s; make it with PostgresQueue.apply or applyJdbc"
              .formatted(claim, step.getClass().getName()));
    }
    return applyCall.apply(claim, mine, gate);
  }

  @Override
  public Renewal renew() {
    return renewing.call("renew the lease", nodeCalls::renew);
  }

  @Override
  public List<ClaimId> giveBack(Set<Long> fences) {
    List<OutcomeWrite> ends =
        renewing.call("look for claims", connection -> nodeCalls.held(connection, fences)).stream()
            .map(id -> new OutcomeWrite(id, new ClaimEnd.Released(Duration.ZERO)))
            .toList();
    if (ends.isEmpty()) {
      return List.of();
    }
    List<WriteAnswer> answers =
        renewing.call("give claims back", connection -> settleCall.settle(connection, ends));
    List<ClaimId> given = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).isWritten()) {
        given.add(ends.get(i).claim());
      }
    }
    return given;
  }

  @Override
  public ReapReport reap() {
    ReapReport report = reaping.call("reap", reapCall::reap);
    return purges.pass(reaping) ? new ReapReport(report.reaped(), true, report.unserved()) : report;
  }

  @Override
  public void probe() {
    reaping.call(
        "probe the store",
        connection -> tx.query(connection, "SELECT 1", statement -> {}, rows -> rows.next()));
  }

  @Override
  public void onHint(Runnable hint) {
    hints.add(hint);
    parts.hints().add(hint);
  }

  @Override
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (parts.shared()) {
      remarks.add(
          "the maintenance connections are taken from the host's DataSource and kept; set"
              + " maintenanceDataSource to have them apart");
    }
    Listener listening = listener;
    if (listening != null && !listening.state().isEmpty()) {
      remarks.add("polling only, not listening for new work: " + listening.state());
    }
    remarks.addAll(gatherCalls.remarks());
    reapCall
        .pausedTypes()
        .forEach(
            type ->
                remarks.add("type '%s' is paused for all nodes, by an operator".formatted(type)));
    return remarks;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    parts.hints().removeAll(hints);
    try {
      renewing.call("leave the store", nodeCalls::leave);
    } catch (RuntimeException e) {
      LOG.info("The node's row stays behind until it expires: {}", e.getMessage());
    }
    release();
  }

  private void release() {
    Listener listening = listener;
    if (listening != null) {
      listening.close();
    }
    claiming.close();
    writing.close();
    renewing.close();
    reaping.close();
    side.close();
  }
}
