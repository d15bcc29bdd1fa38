package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells log and listeners what happens. Publishing never blocks and never throws, so that neither a
 * hung appender nor a hung listener can hold up a duty, or each other.
 */
final class Events {

  private static final Logger LOG = LoggerFactory.getLogger("io.deriver.Pool");

  private final List<PoolListener> listeners;
  private final EventQueue log;
  private final EventQueue hosts;

  Events(String pool, List<PoolListener> listeners) {
    this.listeners = listeners;
    EventLog eventLog = new EventLog(pool, LOG);
    this.log = new EventQueue(pool, "log", eventLog::write);
    this.hosts = new EventQueue(pool, "listeners", this::tellListeners);
  }

  void start() {
    log.start();
    if (!listeners.isEmpty()) {
      hosts.start();
    }
  }

  void publish(PoolEvent event) {
    log.offer(event);
    if (!listeners.isEmpty()) {
      hosts.offer(event);
    }
  }

  void stop(Duration limit) throws InterruptedException {
    log.stop(limit);
    hosts.stop(limit);
  }

  private void tellListeners(PoolEvent event) {
    for (PoolListener listener : listeners) {
      try {
        listener.onEvent(event);
      } catch (Throwable error) {
        LOG.warn(
            "A listener failed on {}; the event is lost for it, nothing else changes: {}",
            event.getClass().getSimpleName(),
            ErrorText.brief(error));
      }
    }
  }
}
