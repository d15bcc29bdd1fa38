package io.deriver.testkit.store;

import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ReapReport;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.ReapReport.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One pass of a reaper over the claims of all nodes. */
final class Reaping {

  private static final int AT_MOST = 100;

  private final Ledger ledger;
  private final NodeTable nodes;
  private final Settling settling;
  private final Instant now;

  Reaping(Ledger ledger, NodeTable nodes) {
    this.ledger = ledger;
    this.nodes = nodes;
    this.settling = new Settling(ledger);
    this.now = ledger.now();
  }

  /**
   * Takes back what has passed.
   *
   * @param ownTypes the types of the node that reaps; it is alive, whatever its lease says
   */
  ReapReport reap(Collection<String> ownTypes) {
    List<Reaped> reaped = new ArrayList<>();
    boolean more = false;
    Set<String> holders = new HashSet<>();
    for (Head head : List.copyOf(ledger.heads())) {
      HeldClaim claim = head.claim();
      if (claim == null) {
        continue;
      }
      holders.add(claim.node());
      boolean expired = !nodes.isAlive(claim.node(), now);
      if (!expired && claim.guardAt().isAfter(now)) {
        continue;
      }
      if (reaped.size() == AT_MOST) {
        more = true;
        break;
      }
      reaped.add(expired ? nodeExpired(head, claim) : guardPassed(head, claim));
    }
    if (!more) {
      nodes.sweep(holders, now);
    }
    boolean moreToPurge = ledger.done().purge(now);
    return new ReapReport(reaped, more || moreToPurge, unserved(ownTypes));
  }

  private Reaped nodeExpired(Head head, HeldClaim claim) {
    head.remember(
        settling.entry(
            head, claim.node(), "crash", "the lease of node " + claim.node() + " has expired"));
    if (claim.standing() != Standing.SUSPECT) {
      head.suspect(now, ledger.nextTurn());
    } else if (head.isLastAttempt()) {
      return bury(head, claim, Reason.NODE_EXPIRED);
    } else {
      head.tryAgain(now, ledger.nextTurn(), Standing.SUSPECT);
    }
    return new Reaped(id(head, claim), Reason.NODE_EXPIRED, false);
  }

  private Reaped guardPassed(Head head, HeldClaim claim) {
    head.remember(
        settling.entry(
            head, claim.node(), "guard", "the guard passed and the claim had not ended"));
    if (head.isLastAttempt()) {
      return bury(head, claim, Reason.GUARD_PASSED);
    }
    head.tryAgain(now, ledger.nextTurn(), Standing.PROBATION);
    return new Reaped(id(head, claim), Reason.GUARD_PASSED, false);
  }

  private Reaped bury(Head head, HeldClaim claim, Reason reason) {
    if (reason == Reason.GUARD_PASSED) {
      ledger.buryHung(head);
    } else {
      ledger.bury(head);
    }
    return new Reaped(id(head, claim), reason, true);
  }

  private static ClaimId id(Head head, HeldClaim claim) {
    return new ClaimId(head.of().type(), head.of().key(), claim.fence(), claim.node());
  }

  private List<String> unserved(Collection<String> ownTypes) {
    Set<String> unserved = new TreeSet<>();
    ledger.heads().forEach(head -> unserved.add(head.of().type()));
    unserved.removeAll(nodes.servedTypes(now));
    ownTypes.forEach(unserved::remove);
    return List.copyOf(unserved);
  }
}
