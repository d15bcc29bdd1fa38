package io.deriver.internal.pool;

import io.deriver.ItemOutcome;
import io.deriver.PoolEvent;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.StoredItem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sorts the items of one unit by how each of them ended, oldest first. */
final class ItemEndings {

  private final Run run;
  private final List<Long> items;
  private final Set<Long> done = new LinkedHashSet<>();
  private final Map<Long, String> failed = new LinkedHashMap<>();
  private final Map<Long, String> dead = new LinkedHashMap<>();

  private ItemEndings(Run run) {
    this.run = run;
    this.items = run.claim().items().stream().map(StoredItem::id).toList();
  }

  /**
   * What a processor said of its items.
   *
   * @throws IllegalArgumentException if it names an item that is not the unit's
   */
  static ItemEndings of(Run run, Map<Long, ItemOutcome> outcomes, UnaryOperator<String> clean) {
    ItemEndings endings = new ItemEndings(run);
    endings.requireOwn(outcomes.keySet());
    for (long id : endings.items) {
      ItemOutcome outcome = outcomes.get(id);
      if (outcome instanceof ItemOutcome.Done) {
        endings.done.add(id);
      } else if (outcome instanceof ItemOutcome.Failed failure) {
        endings.failed.put(id, clean.apply(failure.reason()));
      } else if (outcome instanceof ItemOutcome.DeadLetter letter) {
        endings.dead.put(id, clean.apply(letter.reason()));
      }
    }
    if (run.attempt() >= run.served().limits().maxAttempts()) {
      endings.setFirstFailedAside();
    }
    return endings;
  }

  /** Items whose payload cannot be decoded. */
  static ItemEndings undecodable(Run run, Map<Long, String> errors) {
    ItemEndings endings = new ItemEndings(run);
    endings.dead.putAll(errors);
    return endings;
  }

  private void requireOwn(Set<Long> named) {
    if (!items.containsAll(named)) {
      throw new IllegalArgumentException(
          "perItem names items %s; the unit holds %s".formatted(named, items));
    }
  }

  private void setFirstFailedAside() {
    if (failed.isEmpty() || !firstIsThere()) {
      return;
    }
    Map.Entry<Long, String> first = failed.entrySet().iterator().next();
    dead.put(first.getKey(), first.getValue());
    failed.remove(first.getKey());
  }

  /** The attempts were counted for the unit's first item; without it they mean nothing. */
  private boolean firstIsThere() {
    long first = items.get(0);
    return !done.contains(first) && !dead.containsKey(first);
  }

  /**
   * The unit's end.
   *
   * @param backoff how long the key rests if an item failed
   */
  Ending ending(Duration backoff) {
    ClaimEnd.@Nullable Rest rest = rest(backoff);
    return new Ending(
        new ClaimEnd.Split(done, dead, rest),
        new PoolEvent.UnitSplit(
            run.id(),
            run.attempt(),
            done.size(),
            failed.size(),
            dead.size(),
            firstError(),
            rest == null ? Duration.ZERO : rest.delay()));
  }

  private ClaimEnd.@Nullable Rest rest(Duration backoff) {
    if (failed.isEmpty()) {
      return null;
    }
    return new ClaimEnd.Rest(firstIsThere(), backoff, failed.values().iterator().next());
  }

  private String firstError() {
    return Stream.concat(dead.values().stream(), failed.values().stream()).findFirst().orElse("");
  }
}
