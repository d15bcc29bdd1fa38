package io.deriver.testkit.store.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimId;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.store.history.KeyModel.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Ends claims: by those who hold them, by those who no longer do, and by strangers. */
final class EndPlay {

  private final Scene scene;
  private final StoreModel model;
  private final Nodes nodes;
  private final List<String> effects = new ArrayList<>();

  EndPlay(Scene scene) {
    this.scene = scene;
    model = scene.model();
    nodes = scene.nodes();
  }

  /** What steps have left that committed. */
  List<String> effects() {
    return effects;
  }

  void end(Claim claim, ClaimEnd end) {
    ended(claim, end, Nodes.write(nodes.holder(claim), claim.id(), end));
    scene.saw(end instanceof ClaimEnd.Split ? Seen.SPLIT : Seen.ENDED);
  }

  private void ended(Claim claim, ClaimEnd end, WriteAnswer answer) {
    KeyModel key = scene.key(claim);
    key.ended(end, model.now());
    boolean drained = key.pending().isEmpty() && isClean(end);
    assertThat(answer)
        .as("answer to %s", end)
        .isEqualTo(drained ? WriteAnswer.DRAINED : WriteAnswer.WRITTEN);
    scene.lost().add(claim);
    if (drained) {
      scene.saw(Seen.DRAINED);
    }
  }

  /** Whether all that it ended is done. */
  private static boolean isClean(ClaimEnd end) {
    return end instanceof ClaimEnd.Completed
        || (end instanceof ClaimEnd.Split split && split.dead().isEmpty() && split.rest() == null);
  }

  void endLost(Claim claim, ClaimEnd end) {
    assertThat(Nodes.write(nodes.get(0), claim.id(), end))
        .as("answer")
        .isEqualTo(WriteAnswer.REFUSED);
    scene.saw(Seen.REFUSED_LATE);
  }

  void endOfStranger(Claim claim, boolean otherNode) {
    ClaimId id = claim.id();
    ClaimId stranger =
        otherNode
            ? new ClaimId(id.type(), id.key(), id.fence(), "another")
            : new ClaimId(id.type(), id.key(), id.fence() + 1, id.node());
    assertThat(Nodes.write(nodes.get(0), stranger, new ClaimEnd.Completed()))
        .as("answer")
        .isEqualTo(WriteAnswer.REFUSED);
    scene.saw(Seen.REFUSED_STRANGER);
  }

  /** The live claims for which a step may run: past the guard a store may end it at any moment. */
  List<Held> withinGuard() {
    return scene.live().stream().filter(held -> held.guardAt().compareTo(model.now()) > 0).toList();
  }

  void apply(Claim claim, Step.Fate fate) {
    String effect = "effect of " + claim.id().fence();
    switch (fate) {
      case COMMITS -> {
        ended(claim, new ClaimEnd.Completed(), apply(claim, effect, true));
        effects.add(effect);
        scene.saw(Seen.STEP_COMMITTED);
      }
      case ENDED_MEANWHILE -> {
        assertThat(apply(claim, effect, false)).as("answer").isEqualTo(WriteAnswer.REFUSED);
        scene.saw(Seen.STEP_UNDONE);
      }
      case FAILS -> {
        assertThatThrownBy(
                () -> Nodes.apply(nodes.holder(claim), claim.id(), failing(effect), true))
            .hasMessageContaining("the step fails");
        scene.saw(Seen.STEP_UNDONE);
      }
    }
  }

  private CompletionStep failing(String effect) {
    return scene
        .store()
        .step(
            effect,
            () -> {
              throw new IllegalStateException("the step fails");
            });
  }

  private WriteAnswer apply(Claim claim, String effect, boolean live) {
    return apply(nodes.holder(claim), claim, effect, live);
  }

  private WriteAnswer apply(NodeStore node, Claim claim, String effect, boolean live) {
    try {
      return Nodes.apply(node, claim.id(), scene.store().step(effect, () -> true), live);
    } catch (Exception e) {
      throw new AssertionError("the step could not run", e);
    }
  }

  void applyLost(Claim claim) {
    assertThat(apply(nodes.get(0), claim, "lost", true))
        .as("answer")
        .isEqualTo(WriteAnswer.REFUSED);
    scene.saw(Seen.STEP_UNDONE);
  }

  void giveBack(Held held) {
    Claim claim = held.claim();
    List<ClaimId> given = nodes.holder(claim).giveBack(Set.of(claim.id().fence()));
    if (held.guardAt().compareTo(model.now()) < 0) {
      assertThat(given).as("given back though its guard has passed").isEmpty();
      return;
    }
    assertThat(given).as("given back").containsExactly(claim.id());
    scene.key(claim).ended(new ClaimEnd.Released(Duration.ZERO), model.now());
    scene.lost().add(claim);
    scene.saw(Seen.GIVEN_BACK);
  }
}
