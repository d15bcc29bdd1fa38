package io.deriver.testkit.store.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Priority;
import io.deriver.spi.Claim.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which of the keys that can be claimed one claim must bring, and that it passed over none. */
final class ClaimOrder {

  private final Map<String, Candidate> candidates = new TreeMap<>();
  private final boolean byAge;
  private final Map<Standing, Integer> caps;

  /**
   * @param byAge whether priorities do not count this time
   * @param caps how many keys of a standing may be claimed at most
   */
  ClaimOrder(StoreModel model, boolean byAge, Map<Standing, Integer> caps) {
    this.byAge = byAge;
    this.caps = caps;
    model
        .claimable()
        .forEach(
            (name, key) ->
                candidates.put(
                    name, new Candidate(key.priority(), key.standing(), model.waitOf(name))));
  }

  boolean isEmpty() {
    return candidates.isEmpty();
  }

  Set<String> keys() {
    return candidates.keySet();
  }

  /** How many keys are claimed if nothing else is in the way than the caps. */
  int withinCaps() {
    return count(candidates.values().stream().toList()).entrySet().stream()
        .mapToInt(entry -> Math.min(entry.getValue(), cap(entry.getKey())))
        .sum();
  }

  /** Says that of the keys that were left none had to be claimed before one that was taken. */
  List<Seen> holdsFor(Set<String> taken) {
    List<Candidate> claimed = taken.stream().map(candidates::get).toList();
    Map<Standing, Integer> counts = count(claimed);
    List<Seen> seen = new ArrayList<>();
    candidates.forEach(
        (name, left) -> {
          if (taken.contains(name)) {
            return;
          }
          boolean full = counts.getOrDefault(left.standing(), 0) >= cap(left.standing());
          for (Candidate one : claimed) {
            if (!full || one.standing() == left.standing()) {
              assertThat(precedes(left, one))
                  .as("passed over: %s, %s, for %s, by age: %s", name, left, one, byAge)
                  .isFalse();
            }
            note(one, left, seen);
          }
        });
    return seen;
  }

  private boolean precedes(Candidate left, Candidate taken) {
    int compared = byAge ? 0 : left.priority().compareTo(taken.priority());
    return compared < 0 || (compared == 0 && left.age().isSurelyBefore(taken.age()));
  }

  private void note(Candidate taken, Candidate left, List<Seen> seen) {
    int compared = taken.priority().compareTo(left.priority());
    if (compared < 0 && left.age().isSurelyBefore(taken.age())) {
      seen.add(Seen.FAVOURED);
    } else if (compared > 0 && taken.age().isSurelyBefore(left.age())) {
      seen.add(Seen.CLAIMED_BY_AGE);
    }
  }

  private int cap(Standing standing) {
    return caps.getOrDefault(standing, Integer.MAX_VALUE);
  }

  private static Map<Standing, Integer> count(List<Candidate> of) {
    return of.stream()
        .map(Candidate::standing)
        .collect(Collectors.toMap(Function.identity(), standing -> 1, Integer::sum));
  }

  /** A key as it is before the claim. */
  private record Candidate(Priority priority, Standing standing, Waits.Wait age) {}
}
