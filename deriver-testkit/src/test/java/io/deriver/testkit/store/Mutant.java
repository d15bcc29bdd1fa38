package io.deriver.testkit.store;

import io.deriver.Codecs;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.WorkStore;
import io.deriver.testkit.store.InMemoryHarness.EnqueueTwist;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A store that breaks one rule.
 *
 * @param breaks the rule, in words
 * @param store makes the broken store's nodes; a new twist for each store
 * @param killedBy the tests of the contract that must fail on it
 */
record Mutant(
    String breaks,
    Supplier<Function<NodeStore, NodeStore>> store,
    UnaryOperator<NodeSpec> join,
    EnqueueTwist enqueue,
    List<String> killedBy) {

  static Mutant ofNodes(
      String breaks, Supplier<Function<NodeStore, NodeStore>> store, String... killedBy) {
    return new Mutant(
        breaks,
        store,
        UnaryOperator.identity(),
        (items, memory) -> memory.enqueueAll(items),
        List.of(killedBy));
  }

  static Mutant ofTwist(String breaks, UnaryOperator<TwistedNode> twist, String... killedBy) {
    return ofNodes(breaks, () -> node -> twist.apply(new TwistedNode(node)), killedBy);
  }

  static Mutant ofJoin(String breaks, UnaryOperator<NodeSpec> join, String... killedBy) {
    return new Mutant(
        breaks,
        () -> node -> node,
        join,
        (items, memory) -> memory.enqueueAll(items),
        List.of(killedBy));
  }

  static Mutant ofEnqueue(String breaks, EnqueueTwist enqueue, String... killedBy) {
    return new Mutant(
        breaks, () -> node -> node, UnaryOperator.identity(), enqueue, List.of(killedBy));
  }

  InMemoryHarness open() {
    Function<NodeStore, NodeStore> nodes = store.get();
    return new InMemoryHarness(
        healthy ->
            new WorkStore() {
              @Override
              public NodeStore join(NodeSpec spec) {
                return nodes.apply(healthy.join(join.apply(spec)));
              }

              @Override
              public Codecs codecs() {
                return healthy.codecs();
              }
            },
        enqueue);
  }

  @Override
  public String toString() {
    return breaks;
  }
}
