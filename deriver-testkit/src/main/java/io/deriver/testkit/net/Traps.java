package io.deriver.testkit.net;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What is set on the way through a proxy. Thread-safe. */
final class Traps {

  private final List<Trap> set = new CopyOnWriteArrayList<>();
  private final Map<Direction, List<Trap>> frozen = new EnumMap<>(Direction.class);
  private final Map<Direction, List<Trap>> delaying = new EnumMap<>(Direction.class);
  private volatile boolean blind;
  private volatile boolean closed;

  Traps() {
    for (Direction direction : Direction.values()) {
      frozen.put(direction, new CopyOnWriteArrayList<>());
      delaying.put(direction, new CopyOnWriteArrayList<>());
    }
  }

  Trap set(Trap trap) {
    add(trap, set);
    if (blind) {
      trap.goBlind();
    }
    return trap;
  }

  /** A connection cannot be looked into: what is looked for may have come by unseen. */
  void goBlind() {
    blind = true;
    set.forEach(Trap::goBlind);
  }

  Trap delay(Trap trap, Direction direction) {
    return add(trap, delaying(direction));
  }

  /** Returns when what has just come may go on, if this direction is open. */
  void awaitDelays(Direction direction) throws InterruptedException {
    for (Trap trap : delaying(direction)) {
      trap.hold();
    }
  }

  Trap freeze(Trap trap, Direction direction) {
    return add(trap, frozen(direction));
  }

  /** The first that takes this one, without those that have taken this request already. */
  @Nullable Trap taking(Direction direction, String text, Set<Trap> already) {
    for (Trap trap : set) {
      if (!already.contains(trap) && trap.takes(direction, text)) {
        return trap;
      }
    }
    return null;
  }

  /** The first that takes this answer. */
  @Nullable Trap taking(String answer) {
    return taking(Direction.TO_CLIENT, answer, Set.of());
  }

  /** Returns when this direction is open. */
  void awaitOpen(Direction direction) throws InterruptedException {
    for (Trap trap : frozen(direction)) {
      trap.hold();
    }
  }

  boolean isFrozen(Direction direction) {
    return frozen(direction).stream().anyMatch(trap -> !trap.isOver());
  }

  private List<Trap> frozen(Direction direction) {
    return frozen.getOrDefault(direction, List.of());
  }

  private List<Trap> delaying(Direction direction) {
    return delaying.getOrDefault(direction, List.of());
  }

  // Looks whether it came too late only when it stands there: a close may have gone by meanwhile.
  private Trap add(Trap trap, List<Trap> to) {
    to.removeIf(Trap::isOver);
    to.add(trap);
    if (closed) {
      trap.letGo();
    }
    return trap;
  }

  /** Lets all go, and those that are set from now on. */
  void close() {
    closed = true;
    Set<Trap> all = new HashSet<>(set);
    frozen.values().forEach(all::addAll);
    delaying.values().forEach(all::addAll);
    all.forEach(Trap::letGo);
  }
}
