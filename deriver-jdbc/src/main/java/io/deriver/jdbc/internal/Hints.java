package io.deriver.jdbc.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who in this JVM wants to know that work may have come. Thread-safe. */
public final class Hints {

  private static final Logger LOG = LoggerFactory.getLogger(Hints.class);

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  void add(Runnable listener) {
    listeners.add(listener);
  }

  void removeAll(List<Runnable> gone) {
    listeners.removeAll(gone);
  }

  /** Tells all of them. */
  void give() {
    give(listeners);
  }

  static void give(List<Runnable> listeners) {
    for (Runnable listener : listeners) {
      try {
        listener.run();
      } catch (RuntimeException e) {
        LOG.warn("A hint was not taken; the pool finds the work when it polls next", e);
      }
    }
  }
}
