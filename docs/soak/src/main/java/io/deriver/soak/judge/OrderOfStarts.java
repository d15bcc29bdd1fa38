package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry.Started;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * No unit is begun past an older item of its key that has not ended: such an item would be begun
 * again by a later claim. This covers what ends without an effect, too.
 */
final class OrderOfStarts implements Rule {

  @Override
  public List<Violation> violations(Book book) {
    List<Violation> found = new ArrayList<>();
    for (List<Started> starts : book.starts().values()) {
      Set<Long> later = new HashSet<>();
      for (int i = starts.size() - 1; i >= 0; i--) {
        Started start = starts.get(i);
        for (long waiting : later) {
          if (!start.items().contains(waiting) && overtaken(waiting, start, book)) {
            found.add(
                Violation.of(
                    this,
                    "%s: fence %d began %s past item %d, which is older and was begun later",
                    start.key(),
                    start.fence(),
                    start.items(),
                    waiting));
          }
        }
        later.addAll(start.items());
      }
    }
    return found;
  }

  private static boolean overtaken(long waiting, Started start, Book book) {
    return start.items().stream().anyMatch(item -> book.before(waiting, item));
  }
}
