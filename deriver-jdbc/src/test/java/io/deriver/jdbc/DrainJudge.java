package io.deriver.jdbc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says what is wrong with the effects of items, in the order in which they were written. */
final class DrainJudge {

  /**
   * An item that was enqueued.
   *
   * @param called when its enqueue was called, by this JVM's nanoTime
   * @param committed when it had been committed
   */
  record Sent(long id, String key, long called, long committed) {}

  record Effect(long item, String key, String node, int attempt, long startedAt) {}

  private DrainJudge() {}

  static List<String> wrong(List<Sent> sent, List<Effect> effects) {
    List<String> wrong = new ArrayList<>();
    Map<Long, Sent> byId = new HashMap<>();
    sent.forEach(one -> byId.put(one.id(), one));
    Set<Long> done = new HashSet<>();
    Map<String, List<Sent>> byKey = new HashMap<>();
    for (Effect effect : effects) {
      Sent item = byId.get(effect.item());
      if (item == null || !item.key().equals(effect.key())) {
        wrong.add("nobody enqueued " + effect);
        continue;
      }
      if (!done.add(effect.item())) {
        wrong.add("twice: " + effect);
      }
      if (effect.attempt() != 1) {
        wrong.add("tried again: " + effect);
      }
      byKey.computeIfAbsent(effect.key(), key -> new ArrayList<>()).add(item);
    }
    sent.stream().filter(one -> !done.contains(one.id())).forEach(one -> wrong.add("lost: " + one));
    byKey.values().forEach(items -> outOfOrder(items, wrong));
    return wrong;
  }

  /** None may come behind one that was enqueued when its own enqueue had been committed. */
  private static void outOfOrder(List<Sent> items, List<String> wrong) {
    Sent earliest = items.get(items.size() - 1);
    for (int i = items.size() - 2; i >= 0; i--) {
      Sent before = items.get(i);
      if (before.called() > earliest.committed()) {
        wrong.add("out of order: " + before + " before " + earliest);
      }
      earliest = before.committed() < earliest.committed() ? before : earliest;
    }
  }
}
