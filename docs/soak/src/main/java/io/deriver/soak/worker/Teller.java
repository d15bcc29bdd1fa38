package io.deriver.soak.worker;

import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import io.deriver.soak.ledger.LedgerWriter;
import io.deriver.soak.ledger.Said;
import io.deriver.spi.ClaimId;
import java.sql.SQLException;

/** Writes what the pool tells into the ledger. */
final class Teller implements PoolListener {

  private final String process;
  private final LedgerWriter ledger;

  Teller(String process, LedgerWriter ledger) {
    this.process = process;
    this.ledger = ledger;
  }

  @Override
  public void onEvent(PoolEvent event) throws SQLException {
    if (event instanceof PoolEvent.UnitCompleted e) {
      told(Said.COMPLETED, e.claim(), e.attempt());
    } else if (event instanceof PoolEvent.UnitRetried e) {
      told(Said.RETRIED, e.claim(), e.attempt());
    } else if (event instanceof PoolEvent.UnitReleased e) {
      told(Said.RELEASED, e.claim(), e.attempt());
    } else if (event instanceof PoolEvent.UnitDeadLettered e) {
      told(Said.DEAD, e.claim(), e.attempt());
    } else if (event instanceof PoolEvent.WriteRefused e) {
      told(Said.REFUSED, e.claim(), 0);
    } else if (event instanceof PoolEvent.WriteUnknown e) {
      told(Said.UNKNOWN, e.claim(), 0);
    } else if (event instanceof PoolEvent.WriteGivenUp e) {
      told(Said.GIVEN_UP, e.claim(), 0);
    } else if (event instanceof PoolEvent.ClaimReaped e) {
      told(Said.REAPED, e.claim(), 0);
    } else if (event instanceof PoolEvent.RunTimedOut e) {
      told(Said.TIMED_OUT, e.claim(), e.attempt());
    } else if (event instanceof PoolEvent.RunAbandoned e) {
      told(Said.ABANDONED, e.claim(), e.attempt());
    } else if (event instanceof PoolEvent.LateReturn e) {
      told(Said.LATE, e.claim(), e.attempt());
    } else if (event instanceof PoolEvent.LeaseLost) {
      ofThePool(Said.LEASE_LOST);
    } else if (event instanceof PoolEvent.EventsDropped) {
      ofThePool(Said.EVENTS_DROPPED);
    } else if (event instanceof PoolEvent.PoolStarted) {
      ofThePool(Said.READY);
    }
  }

  private void told(Said said, ClaimId claim, int attempt) throws SQLException {
    ledger.told(process, said, claim.key(), claim.fence(), attempt);
  }

  private void ofThePool(Said said) throws SQLException {
    ledger.told(process, said, "", 0, 0);
  }
}
