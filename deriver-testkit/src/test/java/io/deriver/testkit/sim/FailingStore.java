package io.deriver.testkit.sim;

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
import io.deriver.spi.StoreException;
import io.deriver.spi.WorkStore;
import io.deriver.spi.WriteAnswer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A store each of whose calls fails at random: before it takes effect, or after, its answer lost.
 * Counts the calls of each duty.
 */
final class FailingStore implements WorkStore {

  /** Who calls. */
  enum Caller {
    CLAIM,
    WRITE,
    APPLY,
    RENEW,
    REAP
  }

  private final WorkStore store;
  private final Random random;
  private final Map<Caller, AtomicInteger> calls = new EnumMap<>(Caller.class);
  private final AtomicInteger failures = new AtomicInteger();
  private volatile double share;

  FailingStore(WorkStore store, long seed) {
    this.store = store;
    this.random = new Random(seed);
    for (Caller caller : Caller.values()) {
      calls.put(caller, new AtomicInteger());
    }
  }

  /** From now on this share of all calls fails, half of them after taking effect. */
  void fail(double share) {
    this.share = share;
  }

  /** How often a duty called since this was last asked. */
  int takeCalls(Caller caller) {
    return counter(caller).getAndSet(0);
  }

  /** How many calls failed. */
  int failures() {
    return failures.get();
  }

  private AtomicInteger counter(Caller caller) {
    AtomicInteger counter = calls.get(caller);
    if (counter == null) {
      throw new IllegalStateException("no counter of " + caller);
    }
    return counter;
  }

  @Override
  public NodeStore join(NodeSpec spec) {
    if (chance(share)) {
      throw failed("join", false);
    }
    return new Node(store.join(spec));
  }

  @Override
  public Codecs codecs() {
    return store.codecs();
  }

  private synchronized boolean chance(double share) {
    return random.nextDouble() < share;
  }

  private StoreException failed(String call, boolean afterEffect) {
    failures.incrementAndGet();
    return new StoreException(
        "injected: " + call + (afterEffect ? " lost its answer" : " did not arrive"), null);
  }

  private <T> T call(Caller caller, String name, Supplier<T> work) {
    counter(caller).incrementAndGet();
    boolean fails = chance(share);
    boolean afterEffect = fails && chance(0.5);
    if (fails && !afterEffect) {
      throw failed(name, false);
    }
    T answer = work.get();
    if (afterEffect) {
      throw failed(name, true);
    }
    return answer;
  }

  private final class Node implements NodeStore {
    private final NodeStore node;

    Node(NodeStore node) {
      this.node = node;
    }

    @Override
    public String nodeId() {
      return node.nodeId();
    }

    @Override
    public ClaimBatch claim(ClaimRequest request) {
      return call(Caller.CLAIM, "claim", () -> node.claim(request));
    }

    @Override
    public List<WriteAnswer> write(List<OutcomeWrite> writes) {
      return call(Caller.WRITE, "write", () -> node.write(writes));
    }

    @Override
    public WriteAnswer apply(ClaimId claim, CompletionStep step, ApplyGate gate) throws Exception {
      counter(Caller.APPLY).incrementAndGet();
      boolean fails = chance(share);
      if (fails && chance(0.5)) {
        throw failed("apply", false);
      }
      WriteAnswer answer = node.apply(claim, step, gate);
      if (fails) {
        failures.incrementAndGet();
        return WriteAnswer.LOST;
      }
      return answer;
    }

    @Override
    public Renewal renew() {
      return call(Caller.RENEW, "renew", node::renew);
    }

    @Override
    public List<ClaimId> giveBack(Set<Long> fences) {
      return call(Caller.RENEW, "giveBack", () -> node.giveBack(fences));
    }

    @Override
    public ReapReport reap() {
      return call(Caller.REAP, "reap", node::reap);
    }

    @Override
    public void probe() {
      call(
          Caller.REAP,
          "probe",
          () -> {
            node.probe();
            return true;
          });
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
