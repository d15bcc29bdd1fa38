package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.CHATS;
import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.MAILS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deriver.Item;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimId;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.testkit.store.DoneItem;
import io.deriver.testkit.store.DoneItem.How;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What has ended is kept where the host wants it, as it ended, for so long, and nowhere else. */
public interface DoneContract extends StoreContract {

  /** For how long the stores of these tests keep. */
  Duration KEEP = Duration.ofHours(1);

  private Bench keeping() {
    return new Bench(openStoreThatKeeps(KEEP));
  }

  private static List<DoneItem> done(Bench bench, String key) {
    return bench.harness().done(MAIL, key, 100);
  }

  /** How the items of a key ended, the last first. */
  private static List<Tuple> ends(Bench bench, String key) {
    return done(bench, key).stream().map(item -> tuple(item.id(), item.how())).toList();
  }

  @Test
  @DisplayName("a store that is not asked to keeps nothing of what has ended")
  default void nothingIsKeptUnasked() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 3);
      bench.complete(node, bench.claim(node, Terms.of(MAIL).items(1)));
      bench.end(
          node,
          bench.claim(node, Terms.of(MAIL).items(1)),
          new ClaimEnd.DeadLettered(Cause.FAILURE, "no good"));
      bench.harness().cancelPending(MAILS, "key");

      assertThat(done(bench, "key")).isEmpty();
    }
  }

  @Test
  @DisplayName("each item is kept with the end, the attempts and the claim that it had")
  default void eachItemIsKeptAsItEnded() {
    try (Bench bench = keeping()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      bench.enqueue(Item.of(CHATS, "key", "of another type"));
      bench.retry(node, bench.claim(node), Cause.TIMEOUT);
      bench.retry(node, bench.claim(node), Cause.FAILURE);
      bench.end(node, bench.claim(node), new ClaimEnd.Released(Duration.ZERO));
      ClaimId last = bench.claim(node).id();
      bench.write(node, last, new ClaimEnd.Completed());
      bench.end(node, bench.claim(node), new ClaimEnd.Completed(true));

      assertThat(ends(bench, "key"))
          .containsExactly(tuple(items.get(1), How.DISCARDED), tuple(items.get(0), How.COMPLETED));
      DoneItem first = done(bench, "key").get(1);
      assertThat(first.type()).isEqualTo(MAIL);
      assertThat(first.key()).isEqualTo("key");
      assertThat(first.attempts()).isEqualTo(3);
      assertThat(first.ended()).isEqualTo(Map.of("timeout", 1, "failure", 1, "released", 1));
      assertThat(first.node()).isEqualTo(node.nodeId());
      assertThat(first.fence()).isEqualTo(last.fence());
      assertThat(first.endedAt()).isAfterOrEqualTo(first.enqueuedAt());
      assertThat(done(bench, "key").get(0).attempts()).isEqualTo(1);
      assertThat(bench.harness().done(MAIL, "key", 1))
          .extracting(DoneItem::id)
          .containsExactly(items.get(1));
    }
  }

  @Test
  @DisplayName("of a batch each claim's items are kept, and none of those that are refused")
  default void aBatchIsKept() {
    try (Bench bench = keeping()) {
      NodeStore node = bench.node();
      bench.enqueueKeys("k", 4);
      List<Claim> claims = bench.claims(node, Terms.of(MAIL).keys(4));
      List<OutcomeWrite> writes = new ArrayList<>();
      for (Claim claim : claims) {
        boolean discarded = claim.id().key().equals("k1");
        ClaimId id =
            claim.id().key().equals("k2") ? Bench.withFence(claim.id(), 1L << 60) : claim.id();
        writes.add(new OutcomeWrite(id, new ClaimEnd.Completed(discarded)));
      }
      node.write(writes);

      assertThat(done(bench, "k0")).extracting(DoneItem::how).containsExactly(How.COMPLETED);
      assertThat(done(bench, "k1")).extracting(DoneItem::how).containsExactly(How.DISCARDED);
      assertThat(done(bench, "k2")).isEmpty();
      assertThat(done(bench, "k3")).extracting(DoneItem::how).containsExactly(How.COMPLETED);
    }
  }

  @Test
  @DisplayName("what a step completes is kept with its effect, or not at all")
  default void aStepIsKeptWithItsEffect() throws Exception {
    try (Bench bench = keeping()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      Claim claim = bench.claim(node);
      CompletionStep step = bench.step(() -> "nothing");
      node.apply(claim.id(), step, new TestGate(false));
      assertThat(done(bench, "key")).isEmpty();

      node.apply(claim.id(), step, new TestGate(true));

      assertThat(ends(bench, "key"))
          .containsExactlyInAnyOrder(
              tuple(items.get(0), How.COMPLETED), tuple(items.get(1), How.COMPLETED));
    }
  }

  @Test
  @DisplayName("of a split unit those that ended are kept, each as it did")
  default void aSplitIsKept() {
    try (Bench bench = keeping()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 3);
      bench.end(
          node,
          bench.claim(node, Terms.of(MAIL).items(3)),
          new ClaimEnd.Split(Set.of(items.get(0)), Map.of(items.get(1), "no good")));

      assertThat(ends(bench, "key"))
          .containsExactlyInAnyOrder(
              tuple(items.get(0), How.COMPLETED), tuple(items.get(1), How.DEAD));
      assertThat(bench.pending("key")).containsExactly(items.get(2));
    }
  }

  @Test
  @DisplayName(
      "dead letters are kept as such, also those of the reaper, and once more when requeued")
  default void deadLettersAreKept() {
    try (Bench bench = keeping()) {
      NodeStore node = bench.node();
      long id = bench.enqueue("key");
      bench.end(node, bench.claim(node), new ClaimEnd.DeadLettered(Cause.FAILURE, "no good"));
      bench.harness().requeue(id);
      bench.claim(node, Terms.of(MAIL).attempts(1).guard(Duration.ofMinutes(20)));
      bench.age(Duration.ofMinutes(21));
      node.renew();
      bench.reapAll(node);
      bench.harness().requeue(id);
      bench.complete(node, bench.claim(node));
      bench.harness().discard(id);

      List<DoneItem> done = done(bench, "key");
      assertThat(done).extracting(DoneItem::id).containsExactly(id, id, id);
      assertThat(done).extracting(DoneItem::how).containsExactly(How.COMPLETED, How.DEAD, How.DEAD);
      assertThat(done)
          .extracting(DoneItem::ended)
          .containsExactly(Map.of(), Map.of("guard", 1), Map.of("failure", 1));
    }
  }

  @Test
  @DisplayName("what an operator drops is kept, without a claim; what runs then ends as it does")
  default void cancelledItemsAreKept() {
    try (Bench bench = keeping()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      Claim claim = bench.claim(node, Terms.of(MAIL).items(1));
      items = List.of(items.get(0), items.get(1), bench.enqueue("key"));
      assertThat(bench.harness().cancelPending(MAILS, "key")).isEqualTo(2);
      bench.complete(node, claim);

      assertThat(ends(bench, "key"))
          .startsWith(tuple(items.get(0), How.COMPLETED))
          .containsExactlyInAnyOrder(
              tuple(items.get(0), How.COMPLETED),
              tuple(items.get(1), How.CANCELLED),
              tuple(items.get(2), How.CANCELLED));
      DoneItem cancelled = done(bench, "key").get(1);
      assertThat(cancelled.node()).isNull();
      assertThat(cancelled.fence()).isZero();
      assertThat(cancelled.attempts()).isZero();
      assertThat(cancelled.ended()).isEmpty();
    }
  }

  @Test
  @DisplayName("the reaper drops what has been kept long enough, and only that")
  default void whatIsKeptLongEnoughIsDropped() {
    try (Bench bench = keeping()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      bench.complete(node, bench.claim(node, Terms.of(MAIL).items(1)));
      bench.age(KEEP.dividedBy(2));
      bench.complete(node, bench.claim(node, Terms.of(MAIL).items(1)));
      node.reap();
      assertThat(done(bench, "key")).hasSize(2);

      bench.age(KEEP.dividedBy(2).plusSeconds(1));
      assertThat(node.reap().more()).isFalse();

      assertThat(done(bench, "key")).extracting(DoneItem::id).containsExactly(items.get(1));
    }
  }
}
