package io.deriver.testkit.model;

import static io.deriver.testkit.model.World.DEAD;
import static io.deriver.testkit.model.World.DONE;
import static io.deriver.testkit.model.World.ITEMS;
import static io.deriver.testkit.model.World.KEYS;
import static io.deriver.testkit.model.World.LOST;
import static io.deriver.testkit.model.World.MAX_ATTEMPTS;
import static io.deriver.testkit.model.World.keyOf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Goes through every state that can be reached, and says what is wrong in the first that is. */
final class Exploration {

  private static final int MOST = 3_000_000;

  private final Faults faults;
  private final Protocol protocol;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> worlds = new ArrayList<>();
  private final List<String> how = new ArrayList<>();
  private final Ints from = new Ints();
  private final Ints faultless = new Ints();

  Exploration(Faults faults, Set<Flaw> flaws) {
    this.faults = faults;
    this.protocol = new Protocol(faults, flaws);
  }

  /** What is wrong, with the way to it; empty if every state is right. */
  Optional<String> findsWrong() {
    visit(protocol.start(), -1, "start");
    Deque<Integer> open = new ArrayDeque<>(List.of(0));
    while (!open.isEmpty()) {
      int at = open.remove();
      World world = World.of(worlds.get(at));
      String wrong = wrongIn(world);
      if (wrong != null) {
        return Optional.of(wrong + wayTo(at));
      }
      for (Step step : protocol.next(world)) {
        Integer known = numbers.get(step.next().id());
        int next = known == null ? visit(step.next(), at, step.what()) : known;
        if (known == null) {
          open.add(next);
        }
        if (!step.fault()) {
          faultless.add(at);
          faultless.add(next);
        }
      }
      if (worlds.size() > MOST) {
        throw new IllegalStateException("more than " + MOST + " states");
      }
    }
    return wedged();
  }

  int states() {
    return worlds.size();
  }

  private int visit(World world, int before, String what) {
    int number = worlds.size();
    String id = world.id();
    numbers.put(id, number);
    worlds.add(id);
    from.add(before);
    how.add(what);
    return number;
  }

  private @org.jspecify.annotations.Nullable String wrongIn(World world) {
    for (int item = 0; item < ITEMS; item++) {
      if (world.effects[item] > 1) {
        return "two effects of item " + item;
      } else if (world.place[item] == LOST) {
        return "item " + item + " is lost";
      } else if (world.place[item] == DONE && world.effects[item] == 0) {
        return "item " + item + " is done without its effect";
      } else if (world.place[item] == DEAD && (faults.innocent() & 1 << item) != 0) {
        return "item " + item + " is set aside for what others did";
      }
    }
    for (int item = 1; item < ITEMS; item++) {
      boolean earlierEnded = world.place[item - 1] == DONE || world.place[item - 1] == DEAD;
      if (keyOf(item - 1) == keyOf(item) && world.effects[item] > 0 && !earlierEnded) {
        return "item " + item + " overtook the one before it";
      }
    }
    for (int key = 0; key < KEYS; key++) {
      if (world.attempts[key] < 0 || world.attempts[key] > MAX_ATTEMPTS) {
        return "key " + key + " has " + world.attempts[key] + " attempts";
      }
    }
    return null;
  }

  /** A state from which no end can be reached, though no further fault comes. */
  private Optional<String> wedged() {
    Ints[] before = new Ints[worlds.size()];
    for (int i = 0; i < faultless.size(); i += 2) {
      int to = faultless.get(i + 1);
      if (before[to] == null) {
        before[to] = new Ints();
      }
      before[to].add(faultless.get(i));
    }
    BitSet good = new BitSet(worlds.size());
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < worlds.size(); i++) {
      if (World.of(worlds.get(i)).isOver()) {
        good.set(i);
        open.add(i);
      }
    }
    while (!open.isEmpty()) {
      Ints sources = before[open.remove()];
      for (int i = 0; sources != null && i < sources.size(); i++) {
        int source = sources.get(i);
        if (!good.get(source)) {
          good.set(source);
          open.add(source);
        }
      }
    }
    int stuck = good.nextClearBit(0);
    return stuck < worlds.size()
        ? Optional.of("from here on not every item can end" + wayTo(stuck))
        : Optional.empty();
  }

  private String wayTo(int state) {
    List<String> steps = new ArrayList<>();
    for (int at = state; at > 0; at = from.get(at)) {
      steps.add(0, how.get(at));
    }
    return "\n  " + String.join("\n  ", steps) + "\n" + World.of(worlds.get(state));
  }
}
