package io.deriver.internal.flight;

import io.deriver.spi.Claim;

/** Runs in the JVM's flight recordings. */
final class JvmRunFlights implements RunFlights {

  private final String pool;

  JvmRunFlights(String pool) {
    this.pool = pool;
  }

  @Override
  public Flight begin(Claim claim) {
    RunFlight flight = new RunFlight();
    if (!flight.isEnabled()) {
      return how -> {};
    }
    flight.begin();
    return how -> {
      flight.pool = pool;
      flight.type = claim.id().type();
      flight.key = claim.id().key();
      flight.fence = claim.id().fence();
      flight.attempt = claim.attempt();
      flight.items = claim.items().size();
      flight.end = how;
      flight.commit();
    };
  }
}
