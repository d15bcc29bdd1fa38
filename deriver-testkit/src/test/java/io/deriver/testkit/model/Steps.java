package io.deriver.testkit.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Collects what can happen in a state. */
final class Steps {

  final World now;
  private final List<Step> all = new ArrayList<>();

  Steps(World now) {
    this.now = now;
  }

  void add(String what, Consumer<World> change) {
    take(what, false, change);
  }

  void fault(String what, Consumer<World> change) {
    take(what, true, change);
  }

  List<Step> all() {
    return all;
  }

  private void take(String what, boolean fault, Consumer<World> change) {
    World next = now.copy();
    change.accept(next);
    all.add(new Step(what, fault, next.forgotten()));
  }
}
