package io.deriver.testkit.store.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.Claim;
import io.deriver.spi.ClaimId;
import io.deriver.spi.NodeStore;
import io.deriver.spi.ReapReport;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.ReapReport.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets time pass and nodes crash, renews leases and reaps. */
final class UpkeepPlay {

  private final Scene scene;
  private final StoreModel model;
  private final Nodes nodes;

  UpkeepPlay(Scene scene) {
    this.scene = scene;
    model = scene.model();
    nodes = scene.nodes();
  }

  void pass(Duration time) {
    scene.store().age(time);
    model.pass(time);
  }

  void crash(int node) {
    nodes.crash(node);
  }

  void takeover(int node) {
    NodeStore other = nodes.get(node + 1);
    nodes.crash(node);
    pass(Step.Lapse.LESS_THAN_A_LEASE.time().multipliedBy(2));
    renew(other);
    reap(other);
  }

  void overstay(int node) {
    pass(Step.Lapse.MORE_THAN_A_GUARD.time());
    nodes.all().forEach(this::renew);
    reap(nodes.get(node));
  }

  void renew(NodeStore node) {
    Set<Long> held = model.fences(node.nodeId());
    assertThat(node.renew().held()).as("claims held").isEqualTo(held);
    if (!held.isEmpty()) {
      scene.saw(model.isExpired(node.nodeId()) ? Seen.RENEWED_LATE : Seen.RENEWED);
    }
    model.renewed(node.nodeId());
  }

  void reap(NodeStore node) {
    Map<ClaimId, Claim> before =
        model.keys().values().stream()
            .map(KeyModel::held)
            .filter(Objects::nonNull)
            .collect(Collectors.toMap(held -> held.claim().id(), KeyModel.Held::claim));
    ReapReport report = node.reap();
    assertThat(report.more()).as("more to reap").isFalse();
    List<Reaped> reaped = model.reap();
    assertThat(report.reaped()).as("reaped").containsExactlyInAnyOrderElementsOf(reaped);
    for (Reaped one : reaped) {
      scene.lost().add(Objects.requireNonNull(before.get(one.claim())));
      scene.saw(
          one.deadLettered()
              ? Seen.REAPED_TO_DEATH
              : one.reason() == Reason.NODE_EXPIRED ? Seen.REAPED_OF_NODE : Seen.REAPED_BY_GUARD);
    }
    if (reaped.isEmpty() && !before.isEmpty()) {
      scene.saw(Seen.REAPED_NOTHING);
    }
    assertThat(node.remarks().stream().anyMatch(remark -> remark.contains("is paused")))
        .as("whether it is remarked that the type is paused")
        .isEqualTo(model.isPaused());
  }
}
