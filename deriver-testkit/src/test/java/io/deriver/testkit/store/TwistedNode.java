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
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** A node some of whose calls do something else than they should. */
final class TwistedNode implements NodeStore {

  private final NodeStore node;
  private Function<NodeStore, String> nodeId = NodeStore::nodeId;
  private BiFunction<ClaimRequest, NodeStore, ClaimBatch> claim = (request, n) -> n.claim(request);
  private BiFunction<List<OutcomeWrite>, NodeStore, List<WriteAnswer>> write =
      (writes, n) -> n.write(writes);
  private ApplyTwist apply = (claim, step, gate, n) -> n.apply(claim, step, gate);
  private Function<NodeStore, Renewal> renew = NodeStore::renew;
  private BiFunction<Set<Long>, NodeStore, List<ClaimId>> giveBack =
      (fences, n) -> n.giveBack(fences);
  private Function<NodeStore, ReapReport> reap = NodeStore::reap;
  private Function<NodeStore, List<String>> remarks = NodeStore::remarks;
  private Consumer<NodeStore> close = NodeStore::close;

  TwistedNode(NodeStore node) {
    this.node = node;
  }

  TwistedNode onNodeId(Function<NodeStore, String> twist) {
    nodeId = twist;
    return this;
  }

  TwistedNode onClaim(BiFunction<ClaimRequest, NodeStore, ClaimBatch> twist) {
    claim = twist;
    return this;
  }

  TwistedNode onWrite(BiFunction<List<OutcomeWrite>, NodeStore, List<WriteAnswer>> twist) {
    write = twist;
    return this;
  }

  TwistedNode onApply(ApplyTwist twist) {
    apply = twist;
    return this;
  }

  TwistedNode onRenew(Function<NodeStore, Renewal> twist) {
    renew = twist;
    return this;
  }

  TwistedNode onGiveBack(BiFunction<Set<Long>, NodeStore, List<ClaimId>> twist) {
    giveBack = twist;
    return this;
  }

  TwistedNode onReap(Function<NodeStore, ReapReport> twist) {
    reap = twist;
    return this;
  }

  TwistedNode onRemarks(Function<NodeStore, List<String>> twist) {
    remarks = twist;
    return this;
  }

  TwistedNode onClose(Consumer<NodeStore> twist) {
    close = twist;
    return this;
  }

  @Override
  public String nodeId() {
    return nodeId.apply(node);
  }

  @Override
  public ClaimBatch claim(ClaimRequest request) {
    return claim.apply(request, node);
  }

  @Override
  public List<WriteAnswer> write(List<OutcomeWrite> writes) {
    return write.apply(writes, node);
  }

  @Override
  public WriteAnswer apply(ClaimId claim, CompletionStep step, ApplyGate gate) throws Exception {
    return apply.apply(claim, step, gate, node);
  }

  @Override
  public Renewal renew() {
    return renew.apply(node);
  }

  @Override
  public List<ClaimId> giveBack(Set<Long> fences) {
    return giveBack.apply(fences, node);
  }

  @Override
  public ReapReport reap() {
    return reap.apply(node);
  }

  @Override
  public void probe() {
    node.probe();
  }

  @Override
  public void onHint(Runnable hint) {
    node.onHint(hint);
  }

  @Override
  public List<String> remarks() {
    return remarks.apply(node);
  }

  @Override
  public void close() {
    close.accept(node);
  }

  /** What becomes of an apply. */
  @FunctionalInterface
  interface ApplyTwist {
    WriteAnswer apply(ClaimId claim, CompletionStep step, ApplyGate gate, NodeStore node)
        throws Exception;
  }
}
