package io.deriver.testkit.store;

import io.deriver.Codecs;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.WorkStore;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A store around another whose calls go wrong when a test says so. It works with any store.
 *
 * <p>Thread-safe; a fault holds for the calls of all nodes that joined through it, from the moment
 * at which it is injected until it is healed or used up. One kind of call has one fault at a time.
 */
public final class FaultyWorkStore implements WorkStore {

  private final WorkStore store;
  private final Map<Call, FaultPoint> points = new EnumMap<>(Call.class);

  private volatile List<String> remarks = List.of();

  /** Wraps a store; nothing goes wrong yet. */
  public FaultyWorkStore(WorkStore store) {
    this.store = Objects.requireNonNull(store, "store");
    for (Call call : Call.values()) {
      points.put(call, new FaultPoint(call));
    }
  }

  /** Every call of this kind goes wrong in this way until it is healed. */
  public void inject(Call call, Fault fault) {
    inject(call, fault, Integer.MAX_VALUE);
  }

  /**
   * The next calls of this kind go wrong in this way, the ones after them do not.
   *
   * @param times how many, at least one
   * @throws IllegalArgumentException if {@code times} is below one, or if the call cannot go wrong
   *     in this way
   */
  public void inject(Call call, Fault fault, int times) {
    if (times < 1) {
      throw new IllegalArgumentException("times is %d; it must be at least 1".formatted(times));
    }
    if (fault == Fault.ANSWER_LOST && call != Call.WRITE && call != Call.APPLY) {
      throw new IllegalArgumentException(
          "the call %s has no answer LOST; only WRITE and APPLY do".formatted(call));
    }
    point(call).inject(fault, times);
  }

  /** Calls of this kind are well again, and those that hang go on. */
  public void heal(Call call) {
    point(call).heal();
  }

  /** All calls are well again, and those that hang go on. */
  public void heal() {
    points.values().forEach(FaultPoint::heal);
  }

  /** How many calls of this kind have begun, good and bad. */
  public int calls(Call call) {
    return point(call).calls();
  }

  /** How many calls of this kind hang now. */
  public int hung(Call call) {
    return point(call).hung();
  }

  /** What every node remarks from now on, beside what the store behind it does. */
  public void remark(List<String> remarks) {
    this.remarks = List.copyOf(remarks);
  }

  @Override
  public NodeStore join(NodeSpec spec) {
    Fault after = point(Call.JOIN).enter(() -> false);
    NodeStore node = store.join(spec);
    if (after != null) {
      node.close();
      throw point(Call.JOIN).failed("lost its answer");
    }
    return new FaultyNode(node, this);
  }

  @Override
  public Codecs codecs() {
    return store.codecs();
  }

  List<String> remarks() {
    return remarks;
  }

  FaultPoint point(Call call) {
    return Objects.requireNonNull(points.get(call));
  }

  void wakeAll() {
    points.values().forEach(FaultPoint::wake);
  }

  /** The calls that can go wrong. */
  public enum Call {
    JOIN,
    CLAIM,
    WRITE,
    APPLY,
    RENEW,
    REAP,
    PROBE
  }

  /** The ways in which a call goes wrong. */
  public enum Fault {
    /** Throws and takes no effect. */
    FAIL,
    /**
     * Does nothing, whoever interrupts it and whatever the call limit is, until it is healed: then
     * it takes effect, late. Closing its node ends it with an exception.
     */
    HANG,
    /** Takes effect, then throws. */
    LOSE_ANSWER,
    /** Takes effect, then answers LOST to every write. Only for WRITE and APPLY. */
    ANSWER_LOST
  }
}
