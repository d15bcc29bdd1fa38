package io.deriver.quickstart;

import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Message;
import io.deriver.quickstart.data.Poison;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part of the input that is worked in seconds: some healthy conversations, and of each poison the
 * shortest conversation that has it.
 *
 * @param poisoned its poisoned messages, by number
 */
record Subset(Input input, Map<Long, Poison> poisoned) {

  static Subset of(int healthy) {
    Input all = Input.load();
    Map<String, List<Message>> conversations = all.conversations();
    Set<String> hanging = Poison.conversations(all);
    Set<String> keys = new HashSet<>();
    for (Poison poison : Poison.values()) {
      keys.add(shortest(conversations, Poison.in(all), poison));
    }
    conversations.keySet().stream()
        .filter(key -> !hanging.contains(key))
        .limit(healthy)
        .forEach(keys::add);
    Input part = all.only(keys::contains);
    return new Subset(part, Poison.in(part));
  }

  private static String shortest(
      Map<String, List<Message>> conversations, Map<Long, Poison> poisoned, Poison poison) {
    return conversations.entrySet().stream()
        .filter(
            entry ->
                entry.getValue().stream().anyMatch(said -> poisoned.get(said.number()) == poison))
        .min(Comparator.comparingInt(entry -> entry.getValue().size()))
        .orElseThrow()
        .getKey();
  }
}
