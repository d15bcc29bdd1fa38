package io.deriver.testkit.store.history;

import io.deriver.ItemType;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.GatherTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.NodeStore.ApplyGate;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.WorkStore;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The two nodes of a history, each replaced by another when it crashes, and their calls. */
final class Nodes implements AutoCloseable {

  static final String TYPE = "history";
  static final ItemType<String> ITEMS = ItemType.of(TYPE, String.class);

  private static final int COUNT = 2;
  private static final Duration CALL_LIMIT = Duration.ofSeconds(30);

  private final WorkStore store;
  private final Consumer<String> joined;
  private final List<NodeStore> nodes = new ArrayList<>();
  private final IdentityHashMap<NodeStore, Integer> claims = new IdentityHashMap<>();
  private Map<String, GatherTerms> gathering = Map.of();

  /**
   * @param joined is told the id of each node that joins
   */
  Nodes(WorkStore store, Consumer<String> joined) {
    this.store = store;
    this.joined = joined;
    for (int i = 0; i < COUNT; i++) {
      nodes.add(join());
    }
  }

  private NodeStore join() {
    NodeStore node =
        store.join(new NodeSpec(TYPE, List.of(TYPE), StoreModel.LEASE, CALL_LIMIT, gathering));
    joined.accept(node.nodeId());
    return node;
  }

  ClaimBatch claim(NodeStore node, ClaimRequest request) {
    claims.merge(node, 1, Integer::sum);
    return node.claim(request);
  }

  /** Whether priorities will not count in the next claim of this node. */
  boolean goesByAge(NodeStore node) {
    return (claims.getOrDefault(node, 0) + 1) % NodeStore.BY_AGE_EVERY == 0;
  }

  NodeStore get(int number) {
    return nodes.get(number % COUNT);
  }

  List<NodeStore> all() {
    return List.copyOf(nodes);
  }

  Set<String> ids() {
    return nodes.stream().map(NodeStore::nodeId).collect(Collectors.toSet());
  }

  /** A node joins, says how the type gathers, and leaves; those that join later say the same. */
  void gather(@Nullable GatherTerms terms) {
    gathering = terms == null ? Map.of() : Map.of(TYPE, terms);
    join().close();
  }

  /** A node ends without a word, and another joins. */
  void crash(int number) {
    get(number).close();
    nodes.set(number % COUNT, join());
  }

  /** Who holds this claim; it must be alive. */
  NodeStore holder(Claim claim) {
    return nodes.stream()
        .filter(node -> node.nodeId().equals(claim.id().node()))
        .findFirst()
        .orElseThrow();
  }

  static WriteAnswer write(NodeStore node, ClaimId claim, ClaimEnd end) {
    return node.write(List.of(new OutcomeWrite(claim, end))).get(0);
  }

  /**
   * Completes the claim by a step.
   *
   * @param live whether its run is still live when the step has run
   */
  static WriteAnswer apply(NodeStore node, ClaimId claim, CompletionStep step, boolean live)
      throws Exception {
    return node.apply(
        claim,
        step,
        new ApplyGate() {
          @Override
          public void onCancel(AutoCloseable abort) {}

          @Override
          public boolean close() {
            return live;
          }
        });
  }

  @Override
  public void close() {
    nodes.forEach(NodeStore::close);
  }
}
