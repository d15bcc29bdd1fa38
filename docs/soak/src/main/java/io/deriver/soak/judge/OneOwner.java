package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry.Effect;
import io.deriver.soak.ledger.Entry.Started;
import io.deriver.soak.ledger.Said;
import java.util.ArrayList;
import java.util.List;

/**
 * No two owners of a key: when a claim with a larger fence has begun, nothing of a smaller one is
 * accepted any more.
 */
final class OneOwner implements Rule {

  @Override
  public List<Violation> violations(Book book) {
    List<Violation> found = new ArrayList<>();
    book.starts()
        .forEach(
            (key, starts) -> {
              for (Started start : starts) {
                for (Effect effect : book.effects(key)) {
                  if (effect.fence() < start.fence()
                      && !start.mark().saw().sees(effect.mark().transaction())) {
                    found.add(
                        Violation.of(
                            this,
                            "%s: item %d was done by fence %d after fence %d had begun",
                            key,
                            effect.item(),
                            effect.fence(),
                            start.fence()));
                  }
                }
              }
              found.addAll(completedAndBegunAgain(starts, book));
            });
    return found;
  }

  private List<Violation> completedAndBegunAgain(List<Started> starts, Book book) {
    List<Violation> found = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      Started older = starts.get(i);
      if (!book.wasTold(older.fence(), Said.COMPLETED)) {
        continue;
      }
      for (Started newer : starts.subList(i + 1, starts.size())) {
        if (newer.fence() != older.fence()
            && newer.items().stream().anyMatch(older.items()::contains)) {
          found.add(
              Violation.of(
                  this,
                  "%s: fence %d was told that it completed %s, of which fence %d had %s",
                  older.key(),
                  older.fence(),
                  older.items(),
                  newer.fence(),
                  newer.items()));
        }
      }
    }
    return found;
  }
}
