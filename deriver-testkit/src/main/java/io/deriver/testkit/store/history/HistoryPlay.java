package io.deriver.testkit.store.history;

import static io.deriver.testkit.store.history.Scene.chosen;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.testkit.store.DeadLetter;
import io.deriver.testkit.store.contract.StoreHarness;
import java.util.Collections;
import java.util.Objects;
import java.util.function.Consumer;

/** One history on one store: does each step to the store and to the model, and compares the two. */
final class HistoryPlay implements AutoCloseable {

  private final Scene scene;
  private final StoreHarness store;
  private final StoreModel model;
  private final ClaimPlay claims;
  private final EndPlay ends;
  private final UpkeepPlay upkeep;
  private final OperatorPlay operators;
  private int enqueues;

  HistoryPlay(StoreHarness store, Consumer<Seen> seen) {
    this.store = store;
    scene = new Scene(store, seen);
    model = scene.model();
    claims = new ClaimPlay(scene);
    ends = new EndPlay(scene);
    upkeep = new UpkeepPlay(scene);
    operators = new OperatorPlay(scene);
  }

  void play(Step step) {
    if (step instanceof Step.Enqueue enqueue) {
      enqueue(enqueue);
    } else if (step instanceof Step.Claim claim) {
      claims.claim(claim);
    } else if (step instanceof Step.End || step instanceof Step.Apply) {
      end(step);
    } else if (step instanceof Step.EndLost || step instanceof Step.ApplyLost) {
      endLost(step);
    } else if (step instanceof Step.EndOfStranger end) {
      chosen(scene.live(), end.claim())
          .forEach(held -> ends.endOfStranger(held.claim(), end.otherNode()));
    } else if (step instanceof Step.GiveBack back) {
      chosen(scene.live(), back.claim()).forEach(ends::giveBack);
    } else if (step instanceof Step.Operate operation) {
      operate(operation);
    } else if (step instanceof Step.Upkeep work) {
      keepUp(work);
    }
    model.stepIsOver();
    compare();
  }

  private void enqueue(Step.Enqueue step) {
    Item<String> item = step.item(Nodes.ITEMS, ++enqueues);
    store
        .enqueueAll(Collections.nCopies(step.items(), item))
        .forEach(id -> model.enqueued(id, item).ifPresent(scene::saw));
    scene.letTheStoreKnow();
  }

  private void end(Step step) {
    if (step instanceof Step.End end) {
      chosen(scene.live(), end.claim())
          .forEach(held -> ends.end(held.claim(), end.way().of(held.claim())));
    } else if (step instanceof Step.Apply apply) {
      chosen(ends.withinGuard(), apply.claim())
          .forEach(held -> ends.apply(held.claim(), apply.fate()));
    }
  }

  private void endLost(Step step) {
    if (step instanceof Step.EndLost end) {
      chosen(scene.lost(), end.claim()).forEach(claim -> ends.endLost(claim, end.way().of(claim)));
    } else if (step instanceof Step.ApplyLost apply) {
      chosen(scene.lost(), apply.claim()).forEach(ends::applyLost);
    }
  }

  private void keepUp(Step.Upkeep step) {
    if (step instanceof Step.Renew renew) {
      upkeep.renew(scene.nodes().get(renew.node()));
    } else if (step instanceof Step.Pass pass) {
      upkeep.pass(pass.lapse().time());
    } else if (step instanceof Step.Crash crash) {
      upkeep.crash(crash.node());
    } else if (step instanceof Step.Takeover takeover) {
      upkeep.takeover(takeover.node());
    } else if (step instanceof Step.Overstay overstay) {
      upkeep.overstay(overstay.node());
    } else if (step instanceof Step.Reap reap) {
      upkeep.reap(scene.nodes().get(reap.node()));
    }
  }

  private void operate(Step.Operate step) {
    if (step instanceof Step.Requeue requeue) {
      chosen(operators.letters(), requeue.letter()).forEach(operators::requeue);
    } else if (step instanceof Step.Discard discard) {
      chosen(operators.letters(), discard.letter()).forEach(operators::discard);
    } else if (step instanceof Step.Gather gather) {
      operators.gather(gather.minWeight());
    } else if (step instanceof Step.FlushKey flush) {
      operators.flush("key" + flush.key());
    } else if (step instanceof Step.FlushAll) {
      operators.flushAll();
    } else if (step instanceof Step.CancelPending cancel) {
      operators.cancelPending("key" + cancel.key());
    } else if (step instanceof Step.Pause) {
      operators.pause();
    } else if (step instanceof Step.Resume) {
      operators.resume();
    }
  }

  private void compare() {
    model
        .keys()
        .forEach(
            (name, key) ->
                assertThat(store.pending(Nodes.TYPE, name))
                    .as("pending items of %s", name)
                    .isEqualTo(key.pending()));
    var counts = store.counts();
    assertThat(counts.pendingItems()).as("pending items").isEqualTo(model.pending());
    assertThat(counts.claimedKeys()).as("claimed keys").isEqualTo(model.running());
    assertThat(counts.deadLetters()).as("dead letters").isEqualTo(model.dead().size());
    assertThat(store.effects()).as("effects").containsExactlyInAnyOrderElementsOf(ends.effects());
  }

  /** Compares what takes too long to be looked at after each step, and lets the nodes go. */
  @Override
  public void close() {
    try {
      assertThat(store.deadLetters())
          .extracting(DeadLetter::id)
          .hasSameElementsAs(operators.letters());
      for (DeadLetter letter : store.deadLetters()) {
        KeyModel.DeadItem dead = Objects.requireNonNull(model.dead().get(letter.id()));
        assertThat(letter.attempts()).as("attempts of dead letter").isEqualTo(dead.attempts());
        assertThat(letter.ended()).as("ends of dead letter").isEqualTo(dead.ended());
      }
    } finally {
      scene.close();
    }
  }
}
