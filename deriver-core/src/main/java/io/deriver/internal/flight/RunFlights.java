package io.deriver.internal.flight;

import io.deriver.spi.Claim;

/** Records runs with their true length. One that never returns is never recorded. */
public interface RunFlights {

  /** The run's code begins. */
  Flight begin(Claim claim);

  /** One run under way. */
  @FunctionalInterface
  interface Flight {
    /** The run's code is over. */
    void end(String how);
  }

  /** Where nothing can be recorded. */
  RunFlights NONE = claim -> how -> {};

  /** Records into the JVM's flight recordings, if it can have any. */
  static RunFlights of(String pool) {
    return FlightLog.isAvailable() ? new JvmRunFlights(pool) : NONE;
  }
}
