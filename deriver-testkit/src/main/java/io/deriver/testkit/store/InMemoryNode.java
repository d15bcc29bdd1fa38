package io.deriver.testkit.store;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One node's way to the store in memory; every call is one turn of the store's lock. */
final class InMemoryNode implements NodeStore {

  /** So often a claim goes by age alone. */
  private final String id;

  private final NodeSpec spec;
  private final Shelves shelves;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicInteger calls = new AtomicInteger();

  InMemoryNode(String id, NodeSpec spec, Shelves shelves) {
    this.id = id;
    this.spec = spec;
    this.shelves = shelves;
    shelves.locked(
        () -> {
          shelves.nodes().renew(id, spec, shelves.ledger().now());
          shelves.ledger().gatherings().declare(spec.types(), spec.gathering());
        });
  }

  @Override
  public String nodeId() {
    return id;
  }

  @Override
  public ClaimBatch claim(ClaimRequest request) {
    return call(
        () -> {
          boolean oldestFirst = calls.incrementAndGet() % BY_AGE_EVERY == 0;
          ClaimBatch batch =
              new Claiming(shelves.ledger(), id, request, oldestFirst).claim(request);
          boolean over = !shelves.nodes().isAlive(id, shelves.ledger().now());
          boolean claimed = !batch.claims().isEmpty() && (over || request.renews());
          // As on a database: the types of an idle node are served. One that holds claims and could
          // not renew must not keep them by looking for more.
          boolean rested = batch.claims().isEmpty() && over && held().isEmpty();
          if (claimed || rested) {
            shelves.nodes().renew(id, spec, shelves.ledger().now());
          }
          return batch;
        });
  }

  @Override
  public List<WriteAnswer> write(List<OutcomeWrite> writes) {
    List<WriteAnswer> answers =
        call(
            () -> {
              Settling settling = new Settling(shelves.ledger());
              return writes.stream().map(w -> settling.write(w.claim(), w.end())).toList();
            });
    shelves.hints().give();
    return answers;
  }

  @Override
  public WriteAnswer apply(ClaimId claim, CompletionStep step, ApplyGate gate) throws Exception {
    if (!(step instanceof InMemoryStep ours)) {
      throw new IllegalArgumentException(
          "the step is a %s; this store runs only steps made by InMemoryWorkStore.apply"
              .formatted(step.getClass().getName()));
    }
    if (!call(() -> shelves.ledger().heldBy(claim).isPresent())) {
      return WriteAnswer.REFUSED;
    }
    Transaction transaction = new Transaction();
    gate.onCancel(transaction::abort);
    ours.run(transaction);
    if (!gate.close()) {
      return WriteAnswer.REFUSED;
    }
    WriteAnswer answer = call(() -> commit(claim, transaction));
    shelves.hints().give();
    return answer;
  }

  private WriteAnswer commit(ClaimId claim, Transaction transaction) {
    if (shelves.ledger().heldBy(claim).isEmpty()) {
      return WriteAnswer.REFUSED;
    }
    transaction.commit();
    return new Settling(shelves.ledger()).write(claim, new ClaimEnd.Completed());
  }

  @Override
  public Renewal renew() {
    return call(
        () -> {
          shelves.nodes().renew(id, spec, shelves.ledger().now());
          return new Renewal(held(), fences(head -> head.isCancelled()));
        });
  }

  private Set<Long> held() {
    return fences(head -> true);
  }

  private Set<Long> fences(Predicate<Head> which) {
    Set<Long> fences = new HashSet<>();
    for (Head head : shelves.ledger().heads()) {
      HeldClaim claim = head.claim();
      if (claim != null && claim.node().equals(id) && which.test(head)) {
        fences.add(claim.fence());
      }
    }
    return fences;
  }

  @Override
  public List<ClaimId> giveBack(Set<Long> fences) {
    List<ClaimId> given = call(() -> release(fences));
    shelves.hints().give();
    return given;
  }

  private List<ClaimId> release(Set<Long> fences) {
    List<ClaimId> given = new ArrayList<>();
    for (Head head : List.copyOf(shelves.ledger().heads())) {
      HeldClaim claim = head.claim();
      if (claim != null
          && claim.node().equals(id)
          && fences.contains(claim.fence())
          && claim.guardAt().isAfter(shelves.ledger().now())) {
        ClaimId held = new ClaimId(head.of().type(), head.of().key(), claim.fence(), id);
        new Settling(shelves.ledger()).write(held, new ClaimEnd.Released(Duration.ZERO));
        given.add(held);
      }
    }
    return given;
  }

  @Override
  public ReapReport reap() {
    ReapReport report =
        call(() -> new Reaping(shelves.ledger(), shelves.nodes()).reap(spec.types()));
    if (!report.reaped().isEmpty()) {
      shelves.hints().give();
    }
    return report;
  }

  @Override
  public void probe() {
    call(() -> true);
  }

  @Override
  public void onHint(Runnable hint) {
    shelves.hints().register(id, hint);
  }

  @Override
  public List<String> remarks() {
    return shelves.locked(
        () ->
            Stream.concat(
                    spec.types().stream()
                        .filter(this::gathersOtherwise)
                        .map("type '%s' gathers as another pool declared it"::formatted),
                    spec.types().stream()
                        .filter(shelves.ledger().paused()::contains)
                        .map("type '%s' is paused for all nodes, by an operator"::formatted))
                .toList());
  }

  private boolean gathersOtherwise(String type) {
    return !Objects.equals(spec.gathering().get(type), shelves.ledger().gatherings().of(type));
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      shelves.hints().forget(id);
      shelves.locked(
          () -> {
            if (held().isEmpty()) {
              shelves.nodes().remove(id);
            }
          });
    }
  }

  private <T> T call(Supplier<T> work) {
    if (closed.get()) {
      throw new StoreException(
          "node %s of pool '%s' is closed; join the store again".formatted(id, spec.pool()), null);
    }
    return shelves.locked(work);
  }
}
