package io.deriver.testkit.store;

import io.deriver.spi.StoreException;
import io.deriver.testkit.store.FaultyWorkStore.Call;
import io.deriver.testkit.store.FaultyWorkStore.Fault;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is wrong with one kind of call, and who hangs in it. */
final class FaultPoint {

  private final Call call;
  private @Nullable Fault fault;
  private int left;
  private int calls;
  private int hung;
  private long healed;

  FaultPoint(Call call) {
    this.call = call;
  }

  synchronized void inject(Fault fault, int times) {
    this.fault = fault;
    this.left = times;
  }

  synchronized void heal() {
    fault = null;
    healed++;
    notifyAll();
  }

  synchronized int calls() {
    return calls;
  }

  synchronized int hung() {
    return hung;
  }

  /** Lets those who hang look again whether their node is closed. */
  synchronized void wake() {
    notifyAll();
  }

  /**
   * Begins a call.
   *
   * @return what must go wrong after the call took effect; null when nothing must
   * @throws StoreException if the call fails before it takes effect
   */
  synchronized @Nullable Fault enter(BooleanSupplier closed) {
    calls++;
    if (fault == null || left == 0) {
      return null;
    }
    left--;
    switch (fault) {
      case FAIL -> throw failed("did not reach the store");
      case HANG -> {
        hang(closed);
        return null;
      }
      default -> {
        return fault;
      }
    }
  }

  private synchronized void hang(BooleanSupplier closed) {
    long before = healed;
    boolean interrupted = false;
    hung++;
    try {
      while (healed == before && !closed.getAsBoolean()) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      hung--;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (healed == before) {
      throw failed("hung until the node was closed");
    }
  }

  StoreException failed(String how) {
    return new StoreException("injected fault: the call " + call + " " + how, null);
  }
}
