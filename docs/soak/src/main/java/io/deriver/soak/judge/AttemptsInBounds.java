package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry.Started;
import io.deriver.soak.ledger.Said;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Attempts are 1 to {@code maxAttempts}; one that failed is counted at the next; no item fails at
 * the head of its unit more often than it has attempts.
 */
final class AttemptsInBounds implements Rule {

  @Override
  public List<Violation> violations(Book book) {
    List<Violation> found = new ArrayList<>();
    int max = book.bounds().maxAttempts();
    for (List<Started> starts : book.starts().values()) {
      Map<Long, Integer> failures = new HashMap<>();
      for (int i = 0; i < starts.size(); i++) {
        Started start = starts.get(i);
        if (start.attempt() < 1 || start.attempt() > max) {
          found.add(Violation.of(this, "%s: attempt %d of %d", start.key(), start.attempt(), max));
        }
        if (book.wasTold(start.fence(), Said.RETRIED)) {
          failures.merge(start.items().get(0), 1, Integer::sum);
          if (i + 1 < starts.size()) {
            found.addAll(notCounted(start, starts.get(i + 1)));
          }
        }
      }
      failures.forEach(
          (item, times) -> {
            if (times > max) {
              found.add(
                  Violation.of(
                      this,
                      "item %d failed %d times and was tried again; it has %d attempts",
                      item,
                      times,
                      max));
            }
          });
    }
    book.state()
        .dead()
        .forEach(
            (item, dead) -> {
              if (dead.attempts() != max) {
                found.add(
                    Violation.of(
                        this,
                        "item %d is dead after %d of %d attempts",
                        item,
                        dead.attempts(),
                        max));
              }
            });
    return found;
  }

  private List<Violation> notCounted(Started failed, Started next) {
    boolean again = next.items().get(0).equals(failed.items().get(0));
    return !again || next.attempt() > failed.attempt()
        ? List.of()
        : List.of(
            Violation.of(
                this,
                "%s: attempt %d failed, and the next, of fence %d, was attempt %d",
                failed.key(),
                failed.attempt(),
                next.fence(),
                next.attempt()));
  }
}
