package io.deriver;

import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
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
import io.deriver.spi.StoredItem;
import io.deriver.spi.WorkStore;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A store of one node for tests of the pool: keys in order, one payload each, no leases, no time
 * but that a retried key waits for {@link #ready}. Each call can be given a fault.
 */
public final class FakeStore implements WorkStore, NodeStore {

  /** Runs at the start of a call; may throw, or block. */
  @FunctionalInterface
  public interface Fault {
    void strike() throws Exception;
  }

  /** A step that is a piece of code. */
  public record Step(Runnable code) implements CompletionStep {}

  private static final class Key {
    String payload = "";
    int attempts;
    Standing standing = Standing.REGULAR;
    boolean resting;
    @Nullable ClaimId claim;
  }

  public final List<OutcomeWrite> written = new CopyOnWriteArrayList<>();
  public final AtomicInteger claims = new AtomicInteger();
  public final AtomicInteger claimed = new AtomicInteger();
  public final AtomicInteger applies = new AtomicInteger();
  public final AtomicInteger reaps = new AtomicInteger();
  public final AtomicInteger renewals = new AtomicInteger();
  public final AtomicInteger probes = new AtomicInteger();
  public final AtomicInteger closes = new AtomicInteger();
  public volatile Fault onClaim = () -> {};
  public volatile Fault afterClaim = () -> {};
  public volatile Fault onWrite = () -> {};
  public volatile Fault afterWrite = () -> {};
  public volatile Fault onCommit = () -> {};
  public volatile Fault onReap = () -> {};
  public volatile Fault onProbe = () -> {};
  public volatile Fault onRenew = () -> {};
  public volatile Fault onJoin = () -> {};
  public volatile Fault onNodeId = () -> {};

  /** Keys whose claims are locked: whether they stand cannot be told. */
  public final Set<String> locked = ConcurrentHashMap.newKeySet();

  /** What becomes of the answers to a write on their way back. */
  public volatile UnaryOperator<List<WriteAnswer>> answers = sound -> sound;

  public volatile ReapReport nextReap = new ReapReport(List.of(), false, List.of());
  public volatile List<String> remarks = List.of();
  public volatile @Nullable Duration nextDue;
  public volatile @Nullable NodeSpec joined;
  public volatile @Nullable ClaimRequest lastRequest;
  private final Map<String, Key> keys = new LinkedHashMap<>();
  private volatile Runnable hint = () -> {};
  private long fences;

  public synchronized FakeStore put(String key, String payload) {
    Key entry = new Key();
    entry.payload = payload;
    keys.put(key, entry);
    return this;
  }

  public synchronized FakeStore put(String key, Standing standing) {
    put(key, key);
    entry(key).standing = standing;
    return this;
  }

  /** Ends the rest of all keys that were retried or released. */
  public void ready() {
    synchronized (this) {
      keys.values().forEach(key -> key.resting = false);
    }
    hint.run();
  }

  public void hintNow() {
    hint.run();
  }

  /** Takes a key's claim away, as a reaper elsewhere would. */
  public synchronized void steal(String key) {
    entry(key).claim = null;
    entry(key).resting = true;
  }

  private Key entry(String key) {
    return Objects.requireNonNull(keys.get(key), key);
  }

  public synchronized boolean isEmpty() {
    return keys.isEmpty();
  }

  public synchronized int size() {
    return keys.size();
  }

  public List<ClaimEnd> endsOf(String key) {
    return written.stream()
        .filter(write -> write.claim().key().equals(key))
        .map(OutcomeWrite::end)
        .toList();
  }

  @Override
  public NodeStore join(NodeSpec spec) {
    strike(onJoin);
    joined = spec;
    return this;
  }

  @Override
  public Codecs codecs() {
    return new Codecs() {
      @Override
      public <T> Codec<T> codecFor(Class<T> payloadClass) {
        return new Codec<>() {
          @Override
          public String encode(T payload) {
            return payload.toString();
          }

          @Override
          public T decode(String json) {
            if (json.startsWith("undecodable")) {
              throw new IllegalArgumentException("no " + payloadClass.getSimpleName());
            }
            return payloadClass.cast(json);
          }
        };
      }
    };
  }

  @Override
  public String nodeId() {
    strike(onNodeId);
    return "node-1";
  }

  @Override
  public ClaimBatch claim(ClaimRequest request) {
    claims.incrementAndGet();
    lastRequest = request;
    strike(onClaim);
    List<Claim> batch = new ArrayList<>();
    synchronized (this) {
      int probation = request.probation();
      int suspects = request.suspects();
      for (Map.Entry<String, Key> entry : keys.entrySet()) {
        Key key = entry.getValue();
        if (batch.size() == Math.min(request.maxKeys(), request.types().get(0).maxKeys())
            || key.claim != null
            || key.resting) {
          continue;
        }
        if (key.standing == Standing.PROBATION && probation-- <= 0) {
          continue;
        }
        if (key.standing == Standing.SUSPECT && suspects-- <= 0) {
          continue;
        }
        key.claim = new ClaimId(request.types().get(0).type(), entry.getKey(), ++fences, nodeId());
        key.attempts++;
        batch.add(
            new Claim(
                key.claim,
                key.attempts,
                key.standing,
                List.of(new StoredItem(fences, key.payload, 1, "", Instant.EPOCH)),
                Cut.NOTHING,
                Duration.ZERO));
      }
    }
    claimed.addAndGet(batch.size());
    strike(afterClaim);
    return new ClaimBatch(batch, nextDue);
  }

  @Override
  public List<WriteAnswer> write(List<OutcomeWrite> writes) {
    strike(onWrite);
    List<WriteAnswer> answers = new ArrayList<>();
    synchronized (this) {
      for (OutcomeWrite write : writes) {
        answers.add(write(write));
      }
    }
    strike(afterWrite);
    return this.answers.apply(answers);
  }

  private WriteAnswer write(OutcomeWrite write) {
    if (locked.contains(write.claim().key())) {
      return WriteAnswer.UNDECIDED;
    }
    Key key = keys.get(write.claim().key());
    if (key == null || !write.claim().equals(key.claim)) {
      return WriteAnswer.REFUSED;
    }
    key.claim = null;
    ClaimEnd end = write.end();
    if (end instanceof ClaimEnd.Retried retried) {
      key.resting = true;
      key.standing =
          retried.cause() == ClaimEnd.Cause.TIMEOUT ? Standing.PROBATION : Standing.REGULAR;
    } else if (end instanceof ClaimEnd.Released) {
      key.attempts--;
      key.resting = true;
    } else {
      keys.remove(write.claim().key());
    }
    written.add(write);
    return end instanceof ClaimEnd.Completed ? WriteAnswer.DRAINED : WriteAnswer.WRITTEN;
  }

  @Override
  public WriteAnswer apply(ClaimId claim, CompletionStep step, ApplyGate gate) {
    applies.incrementAndGet();
    ((Step) step).code().run();
    if (!gate.close()) {
      return WriteAnswer.REFUSED;
    }
    strike(onCommit);
    synchronized (this) {
      return answers
          .apply(List.of(write(new OutcomeWrite(claim, new ClaimEnd.Completed()))))
          .get(0);
    }
  }

  /** The fences that an operator wants ended. */
  public final Set<Long> cancelled = ConcurrentHashMap.newKeySet();

  @Override
  public Renewal renew() {
    renewals.incrementAndGet();
    strike(onRenew);
    synchronized (this) {
      List<Long> held = new ArrayList<>();
      for (Key key : keys.values()) {
        if (key.claim != null) {
          held.add(key.claim.fence());
        }
      }
      return new Renewal(Set.copyOf(held), cancelled);
    }
  }

  @Override
  public synchronized List<ClaimId> giveBack(Set<Long> fences) {
    List<ClaimId> given = new ArrayList<>();
    for (Key key : keys.values()) {
      if (key.claim != null && fences.contains(key.claim.fence())) {
        given.add(key.claim);
        key.claim = null;
        key.attempts--;
      }
    }
    return given;
  }

  @Override
  public ReapReport reap() {
    reaps.incrementAndGet();
    strike(onReap);
    return nextReap;
  }

  @Override
  public void probe() {
    probes.incrementAndGet();
    strike(onProbe);
  }

  @Override
  public void onHint(Runnable hint) {
    this.hint = hint;
  }

  @Override
  public List<String> remarks() {
    return remarks;
  }

  @Override
  public void close() {
    closes.incrementAndGet();
  }

  private static void strike(Fault fault) {
    try {
      fault.strike();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
