package io.deriver.soak.judge;

import static java.util.stream.Collectors.groupingBy;

import io.deriver.soak.ledger.Entry;
import io.deriver.soak.ledger.Entry.Effect;
import io.deriver.soak.ledger.Entry.Enqueued;
import io.deriver.soak.ledger.Entry.Faulted;
import io.deriver.soak.ledger.Entry.Held;
import io.deriver.soak.ledger.Entry.Started;
import io.deriver.soak.ledger.Entry.Told;
import io.deriver.soak.ledger.Said;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ledger, opened at the pages that the rules read.
 *
 * @param items each enqueued item
 * @param starts of each key, by fence
 * @param effects of each key, in the order in which they were written
 * @param effectsOf each item
 * @param told of each fence, in the order in which it was told
 */
record Book(
    List<Entry> ledger,
    Map<Long, Enqueued> items,
    Map<String, List<Started>> starts,
    Map<String, List<Effect>> effects,
    Map<Long, List<Effect>> effectsOf,
    Map<Long, List<Told>> told,
    Lives lives,
    FinalState state,
    Bounds bounds) {

  static Book of(List<Entry> ledger, FinalState state, Bounds bounds) {
    Map<Long, Enqueued> items = new HashMap<>();
    only(ledger, Enqueued.class).forEach(item -> items.put(item.item(), item));
    List<Effect> effects = only(ledger, Effect.class);
    List<Told> told = only(ledger, Told.class);
    return new Book(
        ledger,
        items,
        only(ledger, Started.class).stream()
            .sorted(Comparator.comparingLong(Started::fence))
            .collect(groupingBy(Started::key)),
        effects.stream().collect(groupingBy(Effect::key)),
        effects.stream().collect(groupingBy(Effect::item)),
        told.stream().collect(groupingBy(Told::fence)),
        Lives.of(ledger),
        state,
        bounds);
  }

  private static <T extends Entry> List<T> only(List<Entry> ledger, Class<T> kind) {
    return ledger.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  List<Faulted> faults() {
    return only(ledger, Faulted.class);
  }

  List<Held> held() {
    return only(ledger, Held.class);
  }

  List<Started> starts(String key) {
    return starts.getOrDefault(key, List.of());
  }

  List<Effect> effects(String key) {
    return effects.getOrDefault(key, List.of());
  }

  List<Effect> effectsOf(long item) {
    return effectsOf.getOrDefault(item, List.of());
  }

  List<Told> told(long fence, Said said) {
    return told.getOrDefault(fence, List.of()).stream()
        .filter(told -> told.said() == said)
        .toList();
  }

  boolean wasTold(long fence, Said said) {
    return !told(fence, said).isEmpty();
  }

  /** Whether one had been enqueued for good before the other's enqueue was called. */
  boolean before(long item, long other) {
    Enqueued one = items.get(item);
    Enqueued two = items.get(other);
    if (one == null || two == null) {
      return false;
    }
    return one.mark().transaction() == two.mark().transaction()
        ? one.mark().seq() < two.mark().seq()
        : two.mark().saw().sees(one.mark().transaction());
  }
}
