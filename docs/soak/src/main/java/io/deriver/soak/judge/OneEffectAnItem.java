package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry.Effect;
import java.util.ArrayList;
import java.util.List;

/** No item has two effects, and none has that of another key. */
final class OneEffectAnItem implements Rule {

  @Override
  public List<Violation> violations(Book book) {
    List<Violation> found = new ArrayList<>();
    book.effectsOf()
        .forEach(
            (item, effects) -> {
              if (effects.size() > 1) {
                List<Long> fences = effects.stream().map(Effect::fence).toList();
                found.add(
                    Violation.of(
                        this,
                        "item %d of %s has %d effects, by fences %s",
                        item,
                        effects.get(0).key(),
                        effects.size(),
                        fences));
              }
            });
    for (List<Effect> effects : book.effects().values()) {
      for (Effect effect : effects) {
        var item = book.items().get(effect.item());
        if (item != null && !item.key().equals(effect.key())) {
          found.add(
              Violation.of(
                  this, "item %d of %s was done as %s", item.item(), item.key(), effect.key()));
        }
      }
    }
    return found;
  }
}
