package io.deriver.testkit.store;

import io.deriver.internal.Texts;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimId;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.store.DoneItem.How;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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
              return isClean(end) && head.isDrained() ? WriteAnswer.DRAINED : WriteAnswer.WRITTEN;
            })
        .orElse(WriteAnswer.REFUSED);
  }

  private static boolean isClean(ClaimEnd end) {
    return end instanceof ClaimEnd.Split split
        ? split.dead().isEmpty() && split.rest() == null
        : end instanceof ClaimEnd.Completed;
  }

  private void write(Head head, String node, ClaimEnd end) {
    if (end instanceof ClaimEnd.Completed completed) {
      ledger.complete(head, completed.discarded() ? How.DISCARDED : How.COMPLETED);
    } else if (end instanceof ClaimEnd.Retried retried) {
      head.remember(entry(head, node, name(retried.cause()), retried.error()));
      head.tryAgain(
          ledger.now().plus(retried.delay()), ledger.nextTurn(), standingAfter(retried.cause()));
    } else if (end instanceof ClaimEnd.Released released) {
      release(head, node, released);
    } else if (end instanceof ClaimEnd.DeadLettered dead) {
      head.remember(entry(head, node, name(dead.cause()), dead.error()));
      if (dead.cause() == Cause.TIMEOUT) {
        ledger.buryHung(head);
      } else {
        ledger.bury(head);
      }
    } else if (end instanceof ClaimEnd.Split split) {
      split(head, node, split);
    }
  }

  private void release(Head head, String node, ClaimEnd.Released released) {
    ClaimEnd.Failure failure = released.failure();
    Standing standing = head.standing();
    if (failure != null) {
      head.note(entry(head, node, name(failure.cause()), failure.error()));
      standing = standingAfter(failure.cause());
    }
    head.release(ledger.now().plus(released.delay()), ledger.nextTurn(), standing);
  }

  private static Standing standingAfter(Cause cause) {
    return cause == Cause.TIMEOUT ? Standing.PROBATION : Standing.REGULAR;
  }

  private void split(Head head, String node, ClaimEnd.Split split) {
    for (PendingItem item : head.claimedItems()) {
      String error = split.dead().get(item.id());
      if (error != null) {
        List<ErrorEntry> errors = new ArrayList<>(head.errors());
        errors.add(entry(head, node, name(Cause.FAILURE), error));
        Map<String, Integer> ended = new HashMap<>(head.ended());
        ended.merge(name(Cause.FAILURE), 1, Integer::sum);
        ledger.keep(head, item, How.DEAD, ended);
        ledger.bury(item, Ledger.attemptOf(head), ended, errors);
      } else if (split.done().contains(item.id())) {
        ledger.keep(head, item, How.COMPLETED, head.ended());
      }
    }
    Map<Long, String> dead = split.dead();
    head.removeClaimed(item -> dead.containsKey(item.id()) || split.done().contains(item.id()));
    ClaimEnd.Rest rest = split.rest();
    if (rest == null) {
      ledger.startAnew(head);
    } else {
      rest(head, node, rest);
    }
  }

  private void rest(Head head, String node, ClaimEnd.Rest rest) {
    int attempt = rest.goesOn() ? Ledger.attemptOf(head) : 1;
    Instant availableAt = ledger.now().plus(rest.delay());
    if (rest.goesOn()) {
      head.goOnAsBefore(availableAt, ledger.nextTurn());
    } else {
      head.startAnew(availableAt, ledger.nextTurn());
      head.countFirstAttempt();
    }
    head.remember(entry(attempt, node, name(Cause.FAILURE), rest.error()));
    ledger.forgetIfDrained(head);
  }

  /** An error of the live claim, fit to be kept. */
  ErrorEntry entry(Head head, String node, String cause, String error) {
    return entry(Ledger.attemptOf(head), node, cause, error);
  }

  private ErrorEntry entry(int attempt, String node, String cause, String error) {
    return new ErrorEntry(ledger.now(), attempt, cause, node, Texts.clean(error, MAX_ERROR_LENGTH));
  }

  private static String name(Cause cause) {
    return cause.name().toLowerCase(Locale.ROOT);
  }
}
