package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry.Enqueued;
import io.deriver.soak.ledger.Fate;
import java.util.List;
import java.util.Set;

/**
 * An item whose processor fails at some attempts only is not set aside for that. It may be where
 * limits and crashes took its attempts: then its history names them.
 */
final class OnlyThePoisonedDie implements Rule {

  private static final Set<String> OF_ITS_OWN = Set.of("failure");

  @Override
  public List<Violation> violations(Book book) {
    return book.state().dead().entrySet().stream()
        .filter(dead -> OF_ITS_OWN.containsAll(dead.getValue().causes()))
        .filter(dead -> !isPoisoned(dead.getKey(), book))
        .map(dead -> Violation.of(this, "item %d is no poison, and dead", dead.getKey()))
        .toList();
  }

  static boolean isPoisoned(long item, Book book) {
    Enqueued enqueued = book.items().get(item);
    return enqueued != null && enqueued.fate() == Fate.DEATH;
  }
}
