package io.deriver.testkit.store.contract;

import io.deriver.spi.NodeStore.ApplyGate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A run that an apply works for: live or ended, and it remembers how it was asked. */
final class TestGate implements ApplyGate {

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> aborts = new CopyOnWriteArrayList<>();
  private final boolean live;

  TestGate(boolean live) {
    this.live = live;
  }

  @Override
  public void onCancel(AutoCloseable abort) {
    aborts.add(abort);
  }

  @Override
  public boolean close() {
    calls.add("close");
    return live;
  }

  /** What happened, in order; a step adds its own. */
  List<String> calls() {
    return calls;
  }

  int aborts() {
    return aborts.size();
  }

  /** Ends the transaction from outside, as a pool does when it ends the run. */
  void abort() throws Exception {
    for (AutoCloseable abort : aborts) {
      abort.close();
    }
  }
}
