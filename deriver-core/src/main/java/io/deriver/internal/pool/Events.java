package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import io.deriver.internal.flight.FlightLog;
import java.time.Duration;
import java.util.ArrayList;
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
  private final List<EventQueue> queues = new ArrayList<>();

  Events(String pool, List<PoolListener> listeners) {
    this.listeners = listeners;
    queues.add(new EventQueue(pool, "log", new EventLog(pool, LOG)::write));
    if (FlightLog.isAvailable()) {
      queues.add(new EventQueue(pool, "flight-recorder", new FlightLog(pool)::write));
    }
    if (!listeners.isEmpty()) {
      queues.add(new EventQueue(pool, "listeners", this::tellListeners));
    }
  }

  void start() {
    queues.forEach(EventQueue::start);
  }

  void publish(PoolEvent event) {
    for (EventQueue queue : queues) {
      queue.offer(event);
    }
  }

  /** Lets the queues run out, without waiting for it. */
  void end() {
    queues.forEach(EventQueue::end);
  }

  void stop(Duration limit) throws InterruptedException {
    for (EventQueue queue : queues) {
      queue.stop(limit);
    }
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
