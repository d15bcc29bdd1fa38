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
  private final String pool;
  private final List<PoolListener> listeners;
  private final List<Branch> branches = new ArrayList<>();

  Events(String pool, List<PoolListener> listeners) {
    this.pool = pool;
    this.listeners = listeners;
    EventLog log = new EventLog(pool, LOG);
    add(log::wants, new EventQueue(pool, "log", log::write));
    if (FlightLog.isAvailable()) {
      FlightLog flights = new FlightLog(pool);
      add(FlightLog::records, new EventQueue(pool, "flight-recorder", flights::write));
    }
    if (!listeners.isEmpty()) {
      add(event -> true, new EventQueue(pool, "listeners", this::tellListeners));
    }
  }

  private void add(Predicate<PoolEvent> wanted, EventQueue queue) {
    branches.add(new Branch(wanted, queue));
  }

  void start() {
    branches.forEach(branch -> branch.queue.start());
  }

  void publish(PoolEvent event) {
    tally.count(event);
    for (Branch branch : branches) {
      if (branch.wanted.test(event)) {
        branch.queue.offer(event);
      }
    }
  }

  /** What was told of the work so far. */
  WorkTally tally() {
    return tally;
  }

  /** Lets the queues run out, without waiting for it. */
  void end() {
    branches.forEach(branch -> branch.queue.end());
  }

  void stop(Duration limit) throws InterruptedException {
    for (Branch branch : branches) {
      branch.queue.stop(limit);
    }
  }

  private void tellListeners(PoolEvent event) {
    for (PoolListener listener : listeners) {
      try {
        listener.onEvent(event);
      } catch (Throwable error) {
        LOG.warn(
            "[{}] A listener failed on {}; the event is lost for it, nothing else changes: {}",
            pool,
            event.getClass().getSimpleName(),
            ErrorText.brief(error));
      }
    }
  }

  /** The way to an outlet, which wakes no thread for events that are not wanted there. */
  private record Branch(Predicate<PoolEvent> wanted, EventQueue queue) {}
}
