package io.deriver.testkit.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who wants to hear that work may have come. */
final class Hints {

  private final Map<String, Runnable> byNode = new ConcurrentHashMap<>();

  void register(String node, Runnable hint) {
    byNode.put(node, hint);
  }

  void forget(String node) {
    byNode.remove(node);
  }

  /** Tells everyone; a hint that throws spares no one. */
  void give() {
    for (Runnable hint : byNode.values()) {
      try {
        hint.run();
      } catch (RuntimeException e) {
        Thread current = Thread.currentThread();
        current.getUncaughtExceptionHandler().uncaughtException(current, e);
      }
    }
  }
}
