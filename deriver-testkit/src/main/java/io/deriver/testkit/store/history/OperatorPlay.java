package io.deriver.testkit.store.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.GatherTerms;
import io.deriver.testkit.store.contract.StoreHarness;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What operators do: to dead letters, to keys that wait for more items, to the whole type. */
final class OperatorPlay {

  private static final Duration WAIT = Duration.ofHours(1);
  private static final int FULL = 4;

  private final Scene scene;
  private final StoreModel model;
  private final StoreHarness store;

  OperatorPlay(Scene scene) {
    this.scene = scene;
    model = scene.model();
    store = scene.store();
  }

  /** The ids of the dead letters. */
  List<Long> letters() {
    return List.copyOf(model.dead().keySet());
  }

  void requeue(long id) {
    store.requeue(id);
    model.requeued(id);
    scene.letTheStoreKnow();
    scene.saw(Seen.REQUEUED);
  }

  void discard(long id) {
    store.discard(id);
    model.discarded(id);
    scene.saw(Seen.DISCARDED);
  }

  void gather(int minWeight) {
    @Nullable GatherTerms terms = minWeight > 1 ? new GatherTerms(minWeight, WAIT, FULL) : null;
    scene.nodes().gather(terms);
    model.gather(terms);
    scene.letTheStoreKnow();
  }

  void flush(String key) {
    noteFlush();
    store.flush(Nodes.ITEMS, key);
    model.flush(key);
  }

  void flushAll() {
    noteFlush();
    store.flushAll();
    model.flushAll();
    scene.letTheStoreKnow();
  }

  private void noteFlush() {
    if (model.isAnyGathering()) {
      scene.saw(Seen.FLUSHED);
    }
  }

  void cancelPending(String key) {
    int dropped = model.cancelPending(key);
    assertThat(store.cancelPending(Nodes.ITEMS, key))
        .as("how many were dropped")
        .isEqualTo(dropped);
    if (dropped > 0) {
      scene.saw(Seen.CANCELLED);
    }
  }

  void pause() {
    assertThat(store.pause(Nodes.ITEMS)).as("whether it is paused anew").isEqualTo(model.pause());
  }

  void resume() {
    assertThat(store.resume(Nodes.ITEMS)).as("whether it was paused").isEqualTo(model.resume());
  }
}
