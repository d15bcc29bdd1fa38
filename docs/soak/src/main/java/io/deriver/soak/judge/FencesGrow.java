package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry.Effect;
import io.deriver.soak.ledger.Entry.Started;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fence is one run's, the effects of a key come with growing fences, and each with the fence of a
 * run that began.
 */
final class FencesGrow implements Rule {

  @Override
  public List<Violation> violations(Book book) {
    List<Violation> found = new ArrayList<>();
    Map<Long, Started> of = new HashMap<>();
    for (List<Started> starts : book.starts().values()) {
      for (Started start : starts) {
        Started other = of.putIfAbsent(start.fence(), start);
        if (other != null) {
          found.add(
              Violation.of(
                  this,
                  "fence %d began %s on %s and %s on %s",
                  start.fence(),
                  other.key(),
                  other.process(),
                  start.key(),
                  start.process()));
        }
      }
    }
    for (List<Effect> effects : book.effects().values()) {
      long largest = 0;
      for (Effect effect : effects) {
        if (effect.fence() < largest) {
          found.add(
              Violation.of(
                  this,
                  "%s: an effect with fence %d came after one with fence %d",
                  effect.key(),
                  effect.fence(),
                  largest));
        }
        largest = Math.max(largest, effect.fence());
        if (!isOf(of.get(effect.fence()), effect)) {
          found.add(
              Violation.of(
                  this,
                  "%s: the effect of item %d has fence %d, with which no run began it",
                  effect.key(),
                  effect.item(),
                  effect.fence()));
        }
      }
    }
    return found;
  }

  private static boolean isOf(@Nullable Started start, Effect effect) {
    return start != null
        && start.key().equals(effect.key())
        && start.process().equals(effect.process())
        && start.items().contains(effect.item());
  }
}
