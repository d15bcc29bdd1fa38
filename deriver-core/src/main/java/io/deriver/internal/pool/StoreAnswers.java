package io.deriver.internal.pool;

import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.PoolClock;
import io.deriver.spi.ReapReport;
import io.deriver.spi.Renewal;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The node's store, and when it last answered each duty; for health. */
final class StoreAnswers implements NodeStore {

  private final NodeStore store;
  private final PoolClock clock;
  private final Map<String, Long> answered = new ConcurrentHashMap<>();

  StoreAnswers(NodeStore store, PoolClock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** How long ago the store last answered this duty; empty if it never has. */
  Optional<Duration> since(String duty) {
    return Optional.ofNullable(answered.get(duty))
        .map(then -> Duration.ofNanos(Math.max(0, clock.nanoTime() - then)));
  }

  private <T> T answered(String duty, T answer) {
    answered.put(duty, clock.nanoTime());
    return answer;
  }

  @Override
  public String nodeId() {
    return store.nodeId();
  }

  @Override
  public ClaimBatch claim(ClaimRequest request) {
    return answered(Rooms.DISPATCHER, store.claim(request));
  }

  @Override
  public List<WriteAnswer> write(List<OutcomeWrite> writes) {
    return answered(Rooms.OUTCOME_WRITER, store.write(writes));
  }

  @Override
  public WriteAnswer apply(ClaimId claim, CompletionStep step, ApplyGate gate) throws Exception {
    return store.apply(claim, step, gate);
  }

  @Override
  public Renewal renew() {
    return answered(Rooms.LEASE_KEEPER, store.renew());
  }

  @Override
  public List<ClaimId> giveBack(Set<Long> fences) {
    return store.giveBack(fences);
  }

  @Override
  public ReapReport reap() {
    return answered(Rooms.REAPER, store.reap());
  }

  @Override
  public void probe() {
    store.probe();
  }

  @Override
  public void onHint(Runnable hint) {
    store.onHint(hint);
  }

  @Override
  public List<String> remarks() {
    return store.remarks();
  }

  @Override
  public void close() {
    store.close();
  }
}
