package io.deriver.quickstart;

import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Poison;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A part of the input that is worked in seconds: some healthy conversations, one of each poison.
 */
record Subset(Input input, Set<String> poisoned) {

  static Subset of(int healthy) {
    Input all = Input.load();
    Map<String, Poison> poisons = Poison.in(all);
    Set<String> keys = new HashSet<>();
    Set<String> poisoned = new HashSet<>();
    for (Poison poison : Poison.values()) {
      poisons.entrySet().stream()
          .filter(entry -> entry.getValue() == poison)
          .limit(1)
          .forEach(entry -> poisoned.add(entry.getKey()));
    }
    all.conversations().keySet().stream()
        .filter(key -> !poisons.containsKey(key))
        .limit(healthy)
        .forEach(keys::add);
    keys.addAll(poisoned);
    return new Subset(all.only(keys::contains), poisoned);
  }
}
