package io.deriver.testkit.store;

import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.ReapReport;
import io.deriver.spi.Renewal;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.store.FaultyWorkStore.Call;
import io.deriver.testkit.store.FaultyWorkStore.Fault;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A node whose calls go wrong when its store says so. */
final class FaultyNode implements NodeStore {

  private final NodeStore node;
  private final FaultyWorkStore faults;
  private volatile boolean closed;

  FaultyNode(NodeStore node, FaultyWorkStore faults) {
    this.node = node;
    this.faults = faults;
  }

  @Override
  public String nodeId() {
    return node.nodeId();
  }

  @Override
  public ClaimBatch claim(ClaimRequest request) {
    return call(Call.CLAIM, () -> node.claim(request));
  }

  @Override
  public List<WriteAnswer> write(List<OutcomeWrite> writes) {
    Fault after = enter(Call.WRITE);
    List<WriteAnswer> answers = node.write(writes);
    return leave(Call.WRITE, after)
        ? writes.stream().map(write -> WriteAnswer.LOST).toList()
        : answers;
  }

  @Override
  public WriteAnswer apply(ClaimId claim, CompletionStep step, ApplyGate gate) throws Exception {
    Fault after = enter(Call.APPLY);
    WriteAnswer answer = node.apply(claim, step, gate);
    return leave(Call.APPLY, after) ? WriteAnswer.LOST : answer;
  }

  @Override
  public Renewal renew() {
    return call(Call.RENEW, node::renew);
  }

  @Override
  public List<ClaimId> giveBack(Set<Long> fences) {
    return node.giveBack(fences);
  }

  @Override
  public ReapReport reap() {
    return call(Call.REAP, node::reap);
  }

  @Override
  public void probe() {
    Fault after = enter(Call.PROBE);
    node.probe();
    leave(Call.PROBE, after);
  }

  @Override
  public void onHint(Runnable hint) {
    node.onHint(hint);
  }

  @Override
  public List<String> remarks() {
    return Stream.concat(node.remarks().stream(), faults.remarks().stream()).toList();
  }

  @Override
  public void close() {
    closed = true;
    faults.wakeAll();
    node.close();
  }

  private <T> T call(Call call, Supplier<T> work) {
    Fault after = enter(call);
    T answer = work.get();
    leave(call, after);
    return answer;
  }

  private @Nullable Fault enter(Call call) {
    return faults.point(call).enter(() -> closed);
  }

  /** Whether the answer is to be LOST; throws if it is to be lost altogether. */
  private boolean leave(Call call, @Nullable Fault after) {
    if (after == Fault.LOSE_ANSWER) {
      throw faults.point(call).failed("took effect and lost its answer");
    }
    return after == Fault.ANSWER_LOST;
  }
}
