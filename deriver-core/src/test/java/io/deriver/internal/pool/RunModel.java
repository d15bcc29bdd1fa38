package io.deriver.internal.pool;

import io.deriver.Codec;
import io.deriver.Codecs;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.ZombiePolicy;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.PoolClock;
import io.deriver.spi.ReapReport;
import io.deriver.spi.Renewal;
import io.deriver.spi.Signal;
import io.deriver.spi.StoredItem;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;

/**
 * One live run in the pool's own rooms, without their threads: whoever explores the interleavings
 * has each of the operations done by a thread of its own. The store counts what reaches it. Public
 * and with one kind of constructor as the model checker wants it.
 */
public final class RunModel {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final ClaimId ID = new ClaimId("test", "key", 1, "node-1");

  private final Events events = new Events("model", List.of());
  private final SteppedClock clock = new SteppedClock();
  private final OneClaim store = new OneClaim();
  private final AtomicInteger freed = new AtomicInteger();
  private final Outcomes outcomes = new Outcomes(Duration.ofMinutes(1), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Endings endings = new Endings(clock, text -> text, Duration.ofSeconds(1));
  private final Canceller canceller;
  private final Runs runs;
  private final RunBody body;
  private final Watchdog watchdog;
  private final LeaseKeeper leaseKeeper;
  private final OutcomeWriter writer;
  private volatile @Nullable Run run;
  private volatile boolean worked;

  public RunModel() {
    // Without side threads: what they do to the run's thread, nobody here waits for.
    Closers closers = new Closers("model", 1, abandoned);
    closers.stop();
    canceller = new Canceller(new StackSampler(clock), endings, outcomes, closers, clock, events);
    runs = new Runs(outcomes, abandoned, canceller::take, freed::incrementAndGet);
    body =
        new RunBody(
            runs,
            abandoned,
            outcomes,
            endings,
            new ApplyStep(store, runs, outcomes, endings, events, () -> {}),
            new NoCodecs(),
            events);
    watchdog =
        new Watchdog(runs, outcomes, new LeaseProof(Duration.ofDays(1), clock), clock, events);
    leaseKeeper =
        new LeaseKeeper(
            store,
            runs,
            outcomes,
            new ClaimCalls(Duration.ofDays(1), clock),
            new LeaseProof(Duration.ofDays(1), clock),
            Duration.ofSeconds(1),
            clock,
            events,
            () -> {});
    writer = new OutcomeWriter(outcomes, store, clock, events, () -> {});
  }

  /** The run begins; if it is ended by force, its key is not held. */
  @Operation
  public void begins() {
    begin(ZombiePolicy.release());
  }

  /** The run begins; if it is ended by force, its key is held until its thread returns. */
  @Operation
  public void beginsToHoldItsKey() {
    begin(ZombiePolicy.hold(Duration.ofHours(1)));
  }

  // From here on its limit has passed, and the store no longer holds its claim for the node.
  private void begin(ZombiePolicy policy) {
    Claim claim =
        new Claim(ID, 1, Standing.REGULAR, List.of(new StoredItem(1, "payload", 1, Instant.EPOCH)));
    Limits limits = Limits.builder().timeout(TIMEOUT).zombiePolicy(policy).build();
    ItemType<String> type = ItemType.of("test", String.class);
    run = new Run(claim, new Served<>(type, (unit, context) -> Outcome.done(), limits), clock);
    runs.add(run);
    clock.now = TIMEOUT.toNanos();
  }

  /** The processor returns. */
  @Operation
  public void returns() {
    worked = true;
    body.work(run());
  }

  /** The watchdog finds the run over its limit. */
  @Operation
  public void timesOut() {
    watchdog.run();
  }

  /** The lease keeper hears that the claim is no longer the node's. */
  @Operation
  public void losesItsLease() {
    leaseKeeper.run();
  }

  /** An operator cancels it. */
  @Operation
  public void isCancelled() {
    runs.end(run(), new RunEnd.Stopped(RunEnd.Reason.BROKEN));
  }

  /** A drain comes to its limit. */
  @Operation
  public void drains() {
    endTheRest();
  }

  /** A close comes to its limit. */
  @Operation
  public void closes() {
    endTheRest();
  }

  private void endTheRest() {
    runs.live().forEach(live -> runs.end(live, new RunEnd.Stopped(RunEnd.Reason.DRAINED)));
    outcomes.stopHoldingAll();
  }

  /** A pass of the canceller and one of the writer, as their threads make them. */
  @Operation
  public void roomsPass() {
    canceller.run();
    writer.run();
  }

  /** Everything comes to rest: a thread that did not return does, and the rooms make passes. */
  @Validate
  public void oneEndOneOutcomeOneSlotBack() {
    canceller.run();
    if (!worked) {
      returns();
    }
    canceller.run();
    watchdog.run();
    writer.run();
    writer.run();
    check("runs in slots", 0, runs.size());
    check("slots given back", 1, freed.get());
    check("ends counted", 1, runs.endings());
    check("outcomes written", 1, store.writes);
    check("outcomes owed", 0, outcomes.unwritten());
    check("outcomes held", 0, outcomes.unwritten() - outcomes.waiting());
    check("abandoned threads", 0, abandoned.count());
  }

  private Run run() {
    return Objects.requireNonNull(run);
  }

  private static void check(String what, long expected, long actual) {
    if (actual != expected) {
      throw new IllegalStateException(what + ": " + actual + " and not " + expected);
    }
  }

  private static final class SteppedClock implements PoolClock {
    private volatile long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void await(Signal signal, long untilNanos) {}
  }

  /** Holds the claim until its first write; a renewal finds it gone. */
  private static final class OneClaim implements NodeStore {
    private int writes;

    @Override
    public synchronized List<WriteAnswer> write(List<OutcomeWrite> batch) {
      writes += batch.size();
      return batch.stream().map(write -> WriteAnswer.WRITTEN).toList();
    }

    @Override
    public Renewal renew() {
      return new Renewal(Set.of());
    }

    @Override
    public List<ClaimId> giveBack(Set<Long> fences) {
      return List.of();
    }

    @Override
    public String nodeId() {
      return "node-1";
    }

    @Override
    public ClaimBatch claim(ClaimRequest request) {
      return new ClaimBatch(List.of(), null);
    }

    @Override
    public WriteAnswer apply(ClaimId claim, CompletionStep step, ApplyGate gate) {
      return WriteAnswer.REFUSED;
    }

    @Override
    public ReapReport reap() {
      return new ReapReport(List.of(), false, List.of());
    }

    @Override
    public void probe() {}

    @Override
    public void onHint(Runnable hint) {}

    @Override
    public List<String> remarks() {
      return List.of();
    }

    @Override
    public void close() {}
  }

  private static final class NoCodecs implements Codecs {
    @Override
    public <T> Codec<T> codecFor(Class<T> payloadClass) {
      return new Codec<>() {
        @Override
        public String encode(T payload) {
          return payload.toString();
        }

        @Override
        public T decode(String json) {
          return payloadClass.cast(json);
        }
      };
    }
  }
}
