package io.deriver.testkit.pool;

import io.deriver.Codecs;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.ReapReport;
import io.deriver.spi.Renewal;
import io.deriver.spi.WorkStore;
import io.deriver.spi.WriteAnswer;
import java.util.List;
import java.util.Set;

/** A store that notes what its nodes claim and what they give back. */
final class WatchedStore implements WorkStore {

  private final WorkStore store;
  private final StandingClaims claims;

  WatchedStore(WorkStore store, StandingClaims claims) {
    this.store = store;
    this.claims = claims;
  }

  @Override
  public NodeStore join(NodeSpec spec) {
    return new Node(store.join(spec), claims);
  }

  @Override
  public Codecs codecs() {
    return store.codecs();
  }

  private record Node(NodeStore node, StandingClaims claims) implements NodeStore {

    @Override
    public String nodeId() {
      return node.nodeId();
    }

    @Override
    public ClaimBatch claim(ClaimRequest request) {
      ClaimBatch batch = node.claim(request);
      batch.claims().forEach(claim -> claims.begin(claim.id()));
      return batch;
    }

    @Override
    public List<WriteAnswer> write(List<OutcomeWrite> writes) {
      List<WriteAnswer> answers = node.write(writes);
      for (int i = 0; i < writes.size(); i++) {
        ended(writes.get(i).claim(), answers.get(i));
      }
      return answers;
    }

    @Override
    public WriteAnswer apply(ClaimId claim, CompletionStep step, ApplyGate gate) throws Exception {
      WriteAnswer answer = node.apply(claim, step, gate);
      if (answer.isWritten()) {
        claims.end(claim);
      }
      return answer;
    }

    private void ended(ClaimId claim, WriteAnswer answer) {
      if (answer.isWritten() || answer == WriteAnswer.REFUSED) {
        claims.end(claim);
      }
    }

    @Override
    public Renewal renew() {
      return node.renew();
    }

    @Override
    public List<ClaimId> giveBack(Set<Long> fences) {
      List<ClaimId> given = node.giveBack(fences);
      given.forEach(claims::end);
      return given;
    }

    @Override
    public ReapReport reap() {
      ReapReport report = node.reap();
      report.reaped().forEach(reaped -> claims.end(reaped.claim()));
      return report;
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
      return node.remarks();
    }

    @Override
    public void close() {
      node.close();
    }
  }
}
