package io.deriver.testkit.store.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.NodeStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Claims, and says that what comes is what had to come. */
final class ClaimPlay {

  /** A history on a database takes some real time, less than any time that passes in it. */
  private static final Duration REAL_TIME = Step.Lapse.LESS_THAN_A_LEASE.time().minusMinutes(1);

  private final Scene scene;
  private final StoreModel model;
  private long lastFence;

  ClaimPlay(Scene scene) {
    this.scene = scene;
    model = scene.model();
  }

  void claim(Step.Claim step) {
    NodeStore node = scene.nodes().get(step.node());
    boolean gathering = model.isAnyGathering();
    ClaimOrder order =
        new ClaimOrder(
            model,
            scene.nodes().goesByAge(node),
            Map.of(Standing.PROBATION, step.quota(), Standing.SUSPECT, step.quota()));
    int most = most(step, order);
    List<Claim> claims = scene.nodes().claim(node, step.request()).claims();
    assertThat(claims).as("claims").hasSize(most);
    Set<String> keys = claims.stream().map(claim -> claim.id().key()).collect(Collectors.toSet());
    assertThat(order.keys()).as("keys that can be claimed").containsAll(keys);
    order.holdsFor(keys).forEach(scene::saw);
    claims.forEach(claim -> claimed(claim, step, node));
    lastFence = claims.stream().mapToLong(claim -> claim.id().fence()).reduce(lastFence, Math::max);
    if (gathering) {
      scene.saw(Seen.GATHERING);
    }
    if (!claims.isEmpty()) {
      model.renewed(node.nodeId());
    } else if (order.isEmpty()) {
      scene.saw(model.isAnyBlocked() ? Seen.BLOCKED : Seen.CLAIMED_NOTHING);
    }
  }

  /** How many keys it must bring. */
  private int most(Step.Claim step, ClaimOrder order) {
    int wanted = Math.min(step.keys(), order.keys().size());
    if (model.isPaused()) {
      note(wanted, 0, Seen.PAUSED);
      return 0;
    }
    int capped = Math.min(wanted, order.withinCaps());
    note(wanted, capped, Seen.CAPPED);
    int limited = Math.min(capped, Math.max(0, step.running() - model.running()));
    note(capped, limited, Seen.LIMITED);
    return limited;
  }

  private void note(int before, int after, Seen what) {
    if (after < before) {
      scene.saw(what);
    }
  }

  private void claimed(Claim claim, Step.Claim step, NodeStore node) {
    KeyModel key = scene.key(claim);
    assertThat(claim.id().fence()).as("fence").isGreaterThan(lastFence);
    assertThat(claim.id().node()).as("node").isEqualTo(node.nodeId());
    see(claim, key);
    key.claimed(claim, step, model.now(), model.now().plus(Scene.GUARD));
    Duration age = key.ageOfClaim(model.now());
    assertThat(claim.age()).as("age").isBetween(age, age.plus(REAL_TIME));
  }

  private void see(Claim claim, KeyModel key) {
    scene.saw(Seen.CLAIMED);
    if (claim.standing() == Standing.PROBATION) {
      scene.saw(Seen.ON_PROBATION);
    } else if (claim.standing() == Standing.SUSPECT) {
      scene.saw(Seen.SUSPECTED);
    }
    if (model.isGatheredByTime(key)) {
      scene.saw(Seen.GATHERED_BY_TIME);
    }
    if (key.isShrunk()) {
      scene.saw(Seen.SHRUNK);
    }
  }
}
