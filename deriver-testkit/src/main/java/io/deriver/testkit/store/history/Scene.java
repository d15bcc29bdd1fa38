package io.deriver.testkit.store.history;

import io.deriver.spi.Claim;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.testkit.store.contract.StoreHarness;
import io.deriver.testkit.store.history.KeyModel.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a history happens to: a store, its model, the nodes, and who has lost which claim. */
final class Scene implements AutoCloseable {

  static final Duration GUARD = Duration.ofHours(3);

  private final StoreHarness store;
  private final Consumer<Seen> seen;
  private final StoreModel model = new StoreModel();
  private final Nodes nodes;
  private final List<Claim> lost = new ArrayList<>();

  Scene(StoreHarness store, Consumer<Seen> seen) {
    this.store = store;
    this.seen = seen;
    nodes = new Nodes(store.store(), model::renewed);
  }

  StoreHarness store() {
    return store;
  }

  StoreModel model() {
    return model;
  }

  Nodes nodes() {
    return nodes;
  }

  void saw(Seen what) {
    seen.accept(what);
  }

  /** The claims that are over, as those who held them may not know. */
  List<Claim> lost() {
    return lost;
  }

  /** The claims whose holders are alive. */
  List<Held> live() {
    return model.held(nodes.ids());
  }

  KeyModel key(Claim claim) {
    return model.key(claim.id().key());
  }

  /** The one of them that this number means; none if there are none. */
  static <T> List<T> chosen(List<T> of, int number) {
    return of.isEmpty() ? List.of() : List.of(of.get(number % of.size()));
  }

  /**
   * What a key remembers when its last item is done goes with it. A store may learn of new items
   * only when it is asked for some, and until then take an older one for the last.
   */
  void letTheStoreKnow() {
    TypeTerms terms = new TypeTerms(Nodes.TYPE, GUARD, 1, 1, 1);
    nodes.claim(nodes.get(0), new ClaimRequest(List.of(terms), 0, 0, 0));
  }

  @Override
  public void close() {
    nodes.close();
  }
}
