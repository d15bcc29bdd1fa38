package io.deriver.testkit.store.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Item;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.GatherTerms;
import io.deriver.spi.NodeStore;
import io.deriver.spi.ReapReport;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.ReapReport.Reason;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.store.DeadLetter;
import io.deriver.testkit.store.contract.StoreHarness;
import io.deriver.testkit.store.history.KeyModel.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One history on one store: does each step to the store and to the model, and compares the two. */
final class HistoryPlay implements AutoCloseable {

  private static final Duration GUARD = Duration.ofHours(3);
  private static final Duration WAIT = Duration.ofHours(1);
  private static final int FULL = 4;
  private static final int NO_QUOTA = 100;

  private final StoreHarness store;
  private final Consumer<Seen> seen;
  private final StoreModel model = new StoreModel();
  private final Nodes nodes;
  private final List<Claim> lost = new ArrayList<>();
  private final List<String> effects = new ArrayList<>();
  private long lastFence;
  private int enqueues;

  HistoryPlay(StoreHarness store, Consumer<Seen> seen) {
    this.store = store;
    this.seen = seen;
    nodes = new Nodes(store.store(), model::renewed);
  }

  void play(Step step) {
    if (step instanceof Step.Enqueue enqueue) {
      enqueue(enqueue);
    } else if (step instanceof Step.Claim claim) {
      claim(claim);
    } else if (step instanceof Step.End end) {
      chosen(live(), end.claim()).forEach(held -> end(held.claim(), end.way().of(held.claim())));
    } else if (step instanceof Step.EndLost end) {
      chosen(lost, end.claim()).forEach(claim -> endLost(claim, end.way().of(claim)));
    } else if (step instanceof Step.EndOfStranger end) {
      chosen(live(), end.claim()).forEach(held -> endOfStranger(held.claim(), end.otherNode()));
    } else if (step instanceof Step.Apply apply) {
      chosen(withinGuard(), apply.claim()).forEach(held -> apply(held.claim(), apply.fate()));
    } else if (step instanceof Step.ApplyLost apply) {
      chosen(lost, apply.claim()).forEach(this::applyLost);
    } else if (step instanceof Step.Renew renew) {
      renew(nodes.get(renew.node()));
    } else if (step instanceof Step.GiveBack back) {
      chosen(live(), back.claim()).forEach(this::giveBack);
    } else if (step instanceof Step.Pass pass) {
      pass(pass.lapse().time());
    } else if (step instanceof Step.Crash crash) {
      nodes.crash(crash.node());
    } else if (step instanceof Step.Takeover takeover) {
      NodeStore other = nodes.get(takeover.node() + 1);
      nodes.crash(takeover.node());
      pass(Step.Lapse.LESS_THAN_A_LEASE.time().multipliedBy(2));
      renew(other);
      reap(other);
    } else if (step instanceof Step.Overstay overstay) {
      pass(Step.Lapse.MORE_THAN_A_GUARD.time());
      nodes.all().forEach(this::renew);
      reap(nodes.get(overstay.node()));
    } else if (step instanceof Step.Reap reap) {
      reap(nodes.get(reap.node()));
    } else if (step instanceof Step.Requeue requeue) {
      chosen(letters(), requeue.letter()).forEach(this::requeue);
    } else if (step instanceof Step.Gather gather) {
      gather(gather.minWeight() > 1 ? new GatherTerms(gather.minWeight(), WAIT, FULL) : null);
    } else if (step instanceof Step.FlushKey flush) {
      flush("key" + flush.key());
    } else if (step instanceof Step.FlushAll) {
      flushAll();
    } else if (step instanceof Step.Discard discard) {
      chosen(letters(), discard.letter()).forEach(this::discard);
    }
    compare();
  }

  private void pass(Duration time) {
    store.age(time);
    model.pass(time);
  }

  /** The one of them that this number means; none if there are none. */
  private static <T> List<T> chosen(List<T> of, int number) {
    return of.isEmpty() ? List.of() : List.of(of.get(number % of.size()));
  }

  /** The claims whose holders are alive. */
  private List<Held> live() {
    return model.held(nodes.ids());
  }

  /** Those of them for which a step may run: past the guard a store may end it at any moment. */
  private List<Held> withinGuard() {
    return live().stream().filter(held -> held.guardAt().compareTo(model.now()) > 0).toList();
  }

  private KeyModel key(Claim claim) {
    return model.key(claim.id().key());
  }

  private void enqueue(Step.Enqueue step) {
    Item<String> item = step.item(Nodes.ITEMS, ++enqueues);
    store
        .enqueueAll(Collections.nCopies(step.items(), item))
        .forEach(id -> model.enqueued(id, item).ifPresent(seen));
    letTheStoreKnow();
  }

  /**
   * What a key remembers when its last item is done goes with it. A store may learn of new items
   * only when it is asked for some, and until then take an older one for the last.
   */
  private void letTheStoreKnow() {
    TypeTerms terms = new TypeTerms(Nodes.TYPE, GUARD, 1, 1, 1);
    nodes.get(0).claim(new ClaimRequest(List.of(terms), 0, 0, 0));
  }

  private void gather(@Nullable GatherTerms terms) {
    nodes.gather(terms);
    model.gather(terms);
    letTheStoreKnow();
  }

  private void flush(String key) {
    noteFlush();
    store.flush(Nodes.ITEMS, key);
    model.flush(key);
  }

  private void flushAll() {
    noteFlush();
    store.flushAll();
    model.flushAll();
    letTheStoreKnow();
  }

  private void noteFlush() {
    if (model.isAnyGathering()) {
      seen.accept(Seen.FLUSHED);
    }
  }

  private void claim(Step.Claim step) {
    NodeStore node = nodes.get(step.node());
    List<KeyModel> claimable = model.claimable();
    boolean gathering = model.isAnyGathering();
    boolean blocked = model.keys().values().stream().anyMatch(key -> key.isBlocked(model.now()));
    TypeTerms terms = new TypeTerms(Nodes.TYPE, GUARD, step.items(), 1 << 20, step.attempts());
    List<Claim> claims =
        node.claim(new ClaimRequest(List.of(terms), step.keys(), NO_QUOTA, NO_QUOTA)).claims();
    assertThat(claims).as("claims").hasSize(Math.min(step.keys(), claimable.size()));
    long newest = lastFence;
    for (Claim claim : claims) {
      KeyModel key = key(claim);
      assertThat(claimable).as("keys that can be claimed").contains(key);
      assertThat(claim.id().fence()).as("fence").isGreaterThan(lastFence);
      assertThat(claim.id().node()).as("node").isEqualTo(node.nodeId());
      newest = Math.max(newest, claim.id().fence());
      see(claim, key);
      key.claimed(claim, step, model.now(), model.now().plus(GUARD));
    }
    lastFence = newest;
    if (gathering) {
      seen.accept(Seen.GATHERING);
    }
    if (claims.isEmpty()) {
      seen.accept(blocked ? Seen.BLOCKED : Seen.CLAIMED_NOTHING);
    } else {
      model.renewed(node.nodeId());
    }
  }

  private void see(Claim claim, KeyModel key) {
    seen.accept(Seen.CLAIMED);
    if (claim.standing() == Standing.PROBATION) {
      seen.accept(Seen.ON_PROBATION);
    } else if (claim.standing() == Standing.SUSPECT) {
      seen.accept(Seen.SUSPECTED);
    }
    if (model.isGatheredByTime(key)) {
      seen.accept(Seen.GATHERED_BY_TIME);
    }
    if (key.isShrunk()) {
      seen.accept(Seen.SHRUNK);
    }
  }

  private void end(Claim claim, ClaimEnd end) {
    assertThat(Nodes.write(nodes.holder(claim), claim.id(), end))
        .as("answer")
        .isIn(WriteAnswer.WRITTEN, WriteAnswer.DRAINED);
    key(claim).ended(end, model.now());
    lost.add(claim);
    seen.accept(end instanceof ClaimEnd.Split ? Seen.SPLIT : Seen.ENDED);
  }

  private void endLost(Claim claim, ClaimEnd end) {
    assertThat(Nodes.write(nodes.get(0), claim.id(), end))
        .as("answer")
        .isEqualTo(WriteAnswer.REFUSED);
    seen.accept(Seen.REFUSED_LATE);
  }

  private void endOfStranger(Claim claim, boolean otherNode) {
    ClaimId id = claim.id();
    ClaimId stranger =
        otherNode
            ? new ClaimId(id.type(), id.key(), id.fence(), "another")
            : new ClaimId(id.type(), id.key(), id.fence() + 1, id.node());
    assertThat(Nodes.write(nodes.get(0), stranger, new ClaimEnd.Completed()))
        .as("answer")
        .isEqualTo(WriteAnswer.REFUSED);
    seen.accept(Seen.REFUSED_STRANGER);
  }

  private void apply(Claim claim, Step.Fate fate) {
    String effect = "effect of " + claim.id().fence();
    switch (fate) {
      case COMMITS -> {
        assertThat(apply(claim, effect, true))
            .as("answer")
            .isIn(WriteAnswer.WRITTEN, WriteAnswer.DRAINED);
        key(claim).ended(new ClaimEnd.Completed(), model.now());
        lost.add(claim);
        effects.add(effect);
        seen.accept(Seen.STEP_COMMITTED);
      }
      case ENDED_MEANWHILE -> {
        assertThat(apply(claim, effect, false)).as("answer").isEqualTo(WriteAnswer.REFUSED);
        seen.accept(Seen.STEP_UNDONE);
      }
      case FAILS -> {
        assertThatThrownBy(
                () -> Nodes.apply(nodes.holder(claim), claim.id(), failing(effect), true))
            .hasMessageContaining("the step fails");
        seen.accept(Seen.STEP_UNDONE);
      }
    }
  }

  private CompletionStep failing(String effect) {
    return store.step(
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
      return Nodes.apply(node, claim.id(), store.step(effect, () -> true), live);
    } catch (Exception e) {
      throw new AssertionError("the step could not run", e);
    }
  }

  private void applyLost(Claim claim) {
    assertThat(apply(nodes.get(0), claim, "lost", true))
        .as("answer")
        .isEqualTo(WriteAnswer.REFUSED);
    seen.accept(Seen.STEP_UNDONE);
  }

  private void renew(NodeStore node) {
    Set<Long> held = model.fences(node.nodeId());
    assertThat(node.renew().held()).as("claims held").isEqualTo(held);
    if (!held.isEmpty()) {
      seen.accept(model.isExpired(node.nodeId()) ? Seen.RENEWED_LATE : Seen.RENEWED);
    }
    model.renewed(node.nodeId());
  }

  private void giveBack(Held held) {
    Claim claim = held.claim();
    List<ClaimId> given = nodes.holder(claim).giveBack(Set.of(claim.id().fence()));
    if (held.guardAt().compareTo(model.now()) < 0) {
      assertThat(given).as("given back though its guard has passed").isEmpty();
      return;
    }
    assertThat(given).as("given back").containsExactly(claim.id());
    key(claim).ended(new ClaimEnd.Released(Duration.ZERO), model.now());
    lost.add(claim);
    seen.accept(Seen.GIVEN_BACK);
  }

  private void reap(NodeStore node) {
    Map<ClaimId, Claim> before =
        model.keys().values().stream()
            .map(KeyModel::held)
            .filter(Objects::nonNull)
            .collect(Collectors.toMap(held -> held.claim().id(), Held::claim));
    ReapReport report = node.reap();
    assertThat(report.more()).as("more to reap").isFalse();
    List<Reaped> reaped = model.reap();
    assertThat(report.reaped()).as("reaped").containsExactlyInAnyOrderElementsOf(reaped);
    for (Reaped one : reaped) {
      lost.add(Objects.requireNonNull(before.get(one.claim())));
      seen.accept(
          one.deadLettered()
              ? Seen.REAPED_TO_DEATH
              : one.reason() == Reason.NODE_EXPIRED ? Seen.REAPED_OF_NODE : Seen.REAPED_BY_GUARD);
    }
    if (reaped.isEmpty() && !before.isEmpty()) {
      seen.accept(Seen.REAPED_NOTHING);
    }
  }

  private List<Long> letters() {
    return List.copyOf(model.dead().keySet());
  }

  private void requeue(long id) {
    store.requeue(id);
    model.requeued(id);
    letTheStoreKnow();
    seen.accept(Seen.REQUEUED);
  }

  private void discard(long id) {
    store.discard(id);
    model.discarded(id);
    seen.accept(Seen.DISCARDED);
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
    assertThat(store.effects()).as("effects").containsExactlyInAnyOrderElementsOf(effects);
  }

  /** Compares what takes too long to be looked at after each step, and lets the nodes go. */
  @Override
  public void close() {
    try {
      assertThat(store.deadLetters()).extracting(DeadLetter::id).hasSameElementsAs(letters());
      for (DeadLetter letter : store.deadLetters()) {
        KeyModel.DeadItem dead = Objects.requireNonNull(model.dead().get(letter.id()));
        assertThat(letter.attempts()).as("attempts of dead letter").isEqualTo(dead.attempts());
        assertThat(letter.ended()).as("ends of dead letter").isEqualTo(dead.ended());
      }
    } finally {
      nodes.close();
    }
  }
}
