package io.deriver.testkit.llm;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Waits uninterruptibly inside a monitor of the caller's own. */
final class PinTrap implements ThreadTrap {

  private final SemaphoreTrap answer = new SemaphoreTrap();
  // Monitors that others can see, so that no compiler can elide them.
  private final Set<Object> monitors = ConcurrentHashMap.newKeySet();

  @Override
  public void enter() {
    Object own = new Object();
    monitors.add(own);
    synchronized (own) {
      answer.enter();
    }
    monitors.remove(own);
  }

  @Override
  public void open() {
    answer.open();
  }
}
