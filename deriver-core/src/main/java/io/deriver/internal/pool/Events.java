package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import io.deriver.internal.flight.FlightLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells log and listeners what happens. Publishing never blocks and never throws, so that neither a
 * hung appender nor a hung listener can hold up a duty, or each other.
 */
final class Events {

  private static final Logger LOG = LoggerFactory.getLogger("io.deriver.Pool");

  private final WorkTally tally = new WorkTally();
  private final List<PoolListener> listeners;
  private final List<Outlet> outlets = new ArrayList<>();

  Events(String pool, List<PoolListener> listeners) {
    this.listeners = listeners;
    add(event -> true, new EventQueue(pool, "log", new EventLog(pool, LOG)::write));
    if (FlightLog.isAvailable()) {
      FlightLog flights = new FlightLog(pool);
      add(FlightLog::records, new EventQueue(pool, "flight-recorder", flights::write));
    }
    if (!listeners.isEmpty()) {
      add(event -> true, new EventQueue(pool, "listeners", this::tellListeners));
    }
  }

  private void add(Predicate<PoolEvent> wanted, EventQueue queue) {
    outlets.add(new Outlet(wanted, queue));
  }

  void start() {
    outlets.forEach(outlet -> outlet.queue.start());
  }

  void publish(PoolEvent event) {
    tally.count(event);
    for (Outlet outlet : outlets) {
      if (outlet.wanted.test(event)) {
        outlet.queue.offer(event);
      }
    }
  }

  /** What was told of the work so far. */
  WorkTally tally() {
    return tally;
  }

  /** Lets the queues run out, without waiting for it. */
  void end() {
    outlets.forEach(outlet -> outlet.queue.end());
  }

  void stop(Duration limit) throws InterruptedException {
    for (Outlet outlet : outlets) {
      outlet.queue.stop(limit);
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

  /** Where events go, without waking a thread for those that are not wanted there. */
  private record Outlet(Predicate<PoolEvent> wanted, EventQueue queue) {}
}
