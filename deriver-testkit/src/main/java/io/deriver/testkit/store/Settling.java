package io.deriver.testkit.store;

import io.deriver.internal.Texts;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimId;
import io.deriver.spi.WriteAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the ends of claims. Guarded as {@link Ledger} is. */
final class Settling {

  private static final int MAX_ERROR_LENGTH = 16_000;

  private final Ledger ledger;

  Settling(Ledger ledger) {
    this.ledger = ledger;
  }

  WriteAnswer write(ClaimId claim, ClaimEnd end) {
    return ledger
        .heldBy(claim)
        .map(
            head -> {
              write(head, claim.node(), end);
              return WriteAnswer.WRITTEN;
            })
        .orElse(WriteAnswer.REFUSED);
  }

  private void write(Head head, String node, ClaimEnd end) {
    if (end instanceof ClaimEnd.Completed) {
      ledger.complete(head);
    } else if (end instanceof ClaimEnd.Retried retried) {
      head.remember(entry(head, node, name(retried.cause()), retried.error()));
      head.tryAgain(
          ledger.now().plus(retried.delay()),
          ledger.nextTurn(),
          retried.cause() == Cause.TIMEOUT ? Standing.PROBATION : Standing.REGULAR);
    } else if (end instanceof ClaimEnd.Released released) {
      head.giveBack(ledger.now().plus(released.delay()), ledger.nextTurn());
    } else if (end instanceof ClaimEnd.DeadLettered dead) {
      head.remember(entry(head, node, name(dead.cause()), dead.error()));
      ledger.bury(head);
    } else if (end instanceof ClaimEnd.Split split) {
      split(head, node, split);
    }
  }

  private void split(Head head, String node, ClaimEnd.Split split) {
    for (PendingItem item : head.claimedItems()) {
      String error = split.dead().get(item.id());
      if (error != null) {
        List<ErrorEntry> errors = new ArrayList<>(head.errors());
        errors.add(entry(head, node, name(Cause.FAILURE), error));
        ledger.bury(item, Ledger.attemptOf(head), errors);
      }
    }
    Map<Long, String> dead = split.dead();
    head.removeClaimed(item -> dead.containsKey(item.id()) || split.done().contains(item.id()));
    ledger.startAnew(head);
  }

  /** An error of the live claim, fit to be kept. */
  ErrorEntry entry(Head head, String node, String cause, String error) {
    return new ErrorEntry(
        ledger.now(), Ledger.attemptOf(head), cause, node, Texts.clean(error, MAX_ERROR_LENGTH));
  }

  private static String name(Cause cause) {
    return cause.name().toLowerCase(Locale.ROOT);
  }
}
