package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry.Effect;
import java.util.ArrayList;
import java.util.List;

/** The effects of a key come in the order of its enqueues, as far as those have one. */
final class OrderOfEffects implements Rule {

  @Override
  public List<Violation> violations(Book book) {
    List<Violation> found = new ArrayList<>();
    for (List<Effect> effects : book.effects().values()) {
      for (int late = 1; late < effects.size(); late++) {
        for (int early = 0; early < late; early++) {
          long first = effects.get(early).item();
          long second = effects.get(late).item();
          if (first != second && book.before(second, first)) {
            found.add(
                Violation.of(
                    this,
                    "%s: item %d was done before item %d, which was enqueued before it",
                    effects.get(late).key(),
                    first,
                    second));
          }
        }
      }
    }
    return found;
  }
}
