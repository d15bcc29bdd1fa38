package io.deriver.internal.flight;

import io.deriver.PoolEvent;

/**
 * Leaves timeouts, abandonments, reaped claims and refused writes in flight recordings. Costs next
 * to nothing while nothing is recorded; not to be loaded where the JVM has no Flight Recorder.
 */
public final class FlightLog {

  /** Whether this JVM, which may be a trimmed one, can record at all. */
  public static boolean isAvailable() {
    return ModuleLayer.boot().findModule("jdk.jfr").isPresent();
  }

  /** Whether this is one of the events that are recorded. */
  public static boolean records(PoolEvent event) {
    return event instanceof PoolEvent.RunTimedOut
        || event instanceof PoolEvent.RunAbandoned
        || event instanceof PoolEvent.ClaimReaped
        || event instanceof PoolEvent.WriteRefused;
  }

  private final String pool;

  public FlightLog(String pool) {
    this.pool = pool;
  }

  /** Records the event, if it is {@linkplain #records one of those}. */
  public void write(PoolEvent event) {
    if (event instanceof PoolEvent.RunTimedOut e) {
      RunTimedOutFlight flight = new RunTimedOutFlight();
      flight.pool = pool;
      flight.type = e.claim().type();
      flight.key = e.claim().key();
      flight.fence = e.claim().fence();
      flight.attempt = e.attempt();
      flight.limit = e.limit();
      flight.after = e.after().toNanos();
      flight.stack = e.stack();
      flight.commit();
    } else if (event instanceof PoolEvent.RunAbandoned e) {
      RunAbandonedFlight flight = new RunAbandonedFlight();
      flight.pool = pool;
      flight.type = e.claim().type();
      flight.key = e.claim().key();
      flight.fence = e.claim().fence();
      flight.attempt = e.attempt();
      flight.abandoned = e.abandoned();
      flight.cap = e.cap();
      flight.stack = e.stack();
      flight.commit();
    } else if (event instanceof PoolEvent.ClaimReaped e) {
      ClaimReapedFlight flight = new ClaimReapedFlight();
      flight.pool = pool;
      flight.type = e.claim().type();
      flight.key = e.claim().key();
      flight.fence = e.claim().fence();
      flight.node = e.claim().node();
      flight.reason = e.reason();
      flight.deadLettered = e.deadLettered();
      flight.commit();
    } else if (event instanceof PoolEvent.WriteRefused e) {
      WriteRefusedFlight flight = new WriteRefusedFlight();
      flight.pool = pool;
      flight.type = e.claim().type();
      flight.key = e.claim().key();
      flight.fence = e.claim().fence();
      flight.write = e.write();
      flight.commit();
    }
  }
}
