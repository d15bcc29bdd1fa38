package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.CHAT;
import static io.deriver.testkit.store.contract.Bench.CHATS;
import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.MAILS;
import static io.deriver.testkit.store.contract.Bench.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Dedupe;
import io.deriver.Item;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.GatherTerms;
import io.deriver.spi.NodeStore;
import io.deriver.spi.StoredItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of an item while another of its dedupe key waits. */
public interface DedupeContract extends StoreContract {

  /** Far above what a test takes. */
  Duration LATER = Duration.ofHours(1);

  private static Item<String> mail(String payload, Dedupe mode) {
    return Item.of(MAILS, "key", payload).dedupe("same", mode);
  }

  private static List<String> payloads(Claim claim) {
    return claim.items().stream().map(StoredItem::payload).toList();
  }

  /** A store may decide only when it is asked for work. */
  private static void settle(Bench bench, NodeStore node) {
    assertThat(bench.claims(node, Terms.of(MAIL, CHAT).keys(0))).isEmpty();
  }

  @Test
  @DisplayName("KEEP_FIRST drops the new item, and answers with the one that waits")
  default void theFirstIsKept() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long first = bench.enqueue(mail("first", Dedupe.KEEP_FIRST));
      assertThat(bench.enqueue(mail("second", Dedupe.KEEP_FIRST))).isEqualTo(first);
      settle(bench, node);
      assertThat(bench.enqueue(mail("third", Dedupe.KEEP_FIRST))).isEqualTo(first);

      Claim claim = bench.claim(node);
      assertThat(ids(claim)).containsExactly(first);
      assertThat(payloads(claim)).containsExactly("\"first\"");
      bench.complete(node, claim);
      bench.claimsNothing(node);
    }
  }

  @Test
  @DisplayName("REPLACE gives the one that waits the new content; it keeps its id and place")
  default void theContentIsReplaced() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long first = bench.enqueue(mail("first", Dedupe.REPLACE));
      long other = bench.enqueue(Item.of(MAILS, "key", "other").variant("new"));
      settle(bench, node);
      Item<String> second = mail("second", Dedupe.REPLACE).weight(7).variant("new");
      assertThat(bench.enqueue(second)).isEqualTo(first);

      Claim claim = bench.claim(node);
      assertThat(ids(claim)).containsExactly(first, other);
      assertThat(payloads(claim)).containsExactly("\"second\"", "\"other\"");
      assertThat(claim.items().get(0).weight()).isEqualTo(7);
      assertThat(claim.items().get(0).variant()).isEqualTo("new");
    }
  }

  @Test
  @DisplayName("an item that gets other content is due when it was, and not sooner")
  default void aReplacedItemKeepsItsDueTime() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long first = bench.enqueue(mail("first", Dedupe.REPLACE).delay(LATER));
      settle(bench, node);
      bench.enqueue(mail("second", Dedupe.REPLACE));
      bench.claimsNothing(node);
      bench.age(LATER.multipliedBy(2));
      node.renew();

      Claim claim = bench.claim(node);
      assertThat(ids(claim)).containsExactly(first);
      assertThat(payloads(claim)).containsExactly("\"second\"");
    }
  }

  @Test
  @DisplayName("PUSH_BACK drops the one that waits, and the new one goes to the end of the key")
  default void theNewOneIsPushedBack() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue(mail("first", Dedupe.PUSH_BACK));
      long other = bench.enqueue(Item.of(MAILS, "key", "other"));
      settle(bench, node);
      long second = bench.enqueue(mail("second", Dedupe.PUSH_BACK));

      assertThat(ids(bench.claim(node))).containsExactly(other, second);
      assertThat(bench.pending("key")).containsExactly(other, second);
    }
  }

  @Test
  @DisplayName("an item that is pushed back again and again is due when none has come for so long")
  default void pushesPutOff() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long last = 0;
      for (int push = 0; push < 3; push++) {
        last = bench.enqueue(mail("push " + push, Dedupe.PUSH_BACK).delay(LATER));
        bench.claimsNothing(node);
        bench.age(LATER.multipliedBy(2).dividedBy(3));
        node.renew();
      }
      bench.claimsNothing(node);
      bench.age(LATER.dividedBy(2));
      node.renew();

      Claim claim = bench.claim(node);
      assertThat(ids(claim)).containsExactly(last);
      assertThat(payloads(claim)).containsExactly("\"push 2\"");
    }
  }

  @Test
  @DisplayName("an item that was not due and is pushed back blocks those behind it no longer")
  default void aPushBackFreesTheKey() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue(mail("first", Dedupe.PUSH_BACK).delay(LATER));
      long behind = bench.enqueue(Item.of(MAILS, "key", "behind"));
      bench.claimsNothing(node);
      bench.enqueue(mail("second", Dedupe.PUSH_BACK).delay(LATER));

      assertThat(ids(bench.claim(node))).containsExactly(behind);
    }
  }

  @Test
  @DisplayName("what is not due and comes to the head of its key is waited for, after failures too")
  default void aPushBackBlocksTheKey() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue(mail("first", Dedupe.PUSH_BACK));
      long behind = bench.enqueue(Item.of(MAILS, "key", "behind").delay(LATER));
      bench.retry(node, bench.claim(node), Cause.FAILURE);
      bench.enqueue(mail("second", Dedupe.PUSH_BACK));

      bench.claimsNothing(node);
      bench.age(LATER.multipliedBy(2));
      node.renew();
      assertThat(ids(bench.claim(node))).startsWith(behind);
    }
  }

  @Test
  @DisplayName("the attempts of an item that is pushed back are not counted to those behind it")
  default void attemptsGoWithTheItem() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue(mail("first", Dedupe.PUSH_BACK));
      long behind = bench.enqueue("key");
      bench.retry(node, bench.claim(node, Terms.of(MAIL).items(1)), Cause.FAILURE);
      bench.retry(node, bench.claim(node, Terms.of(MAIL).items(1)), Cause.FAILURE);
      bench.enqueue(mail("second", Dedupe.PUSH_BACK));

      Claim claim = bench.claim(node, Terms.of(MAIL).items(1));
      assertThat(ids(claim)).containsExactly(behind);
      assertThat(claim.attempt()).isEqualTo(1);
      assertThat(bench.harness().errors(MAIL, "key")).isEmpty();
    }
  }

  @Test
  @DisplayName("an item that is being worked does not wait: the new one is added, in each mode")
  default void aClaimedItemMatchesNothing() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      for (Dedupe mode : Dedupe.values()) {
        long first = bench.enqueue(mail("first", mode));
        Claim claim = bench.claim(node);
        long second = bench.enqueue(mail("second", mode));
        settle(bench, node);
        assertThat(bench.pending("key")).as("%s", mode).containsExactly(first, second);
        bench.complete(node, claim);

        Claim next = bench.claim(node);
        assertThat(ids(next)).as("%s", mode).containsExactly(second);
        assertThat(payloads(next)).as("%s", mode).containsExactly("\"second\"");
        bench.complete(node, next);
      }
    }
  }

  @Test
  @DisplayName("an item that waits behind a claim of its key matches")
  default void whatWaitsBehindAClaimMatches() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long first = bench.enqueue(mail("first", Dedupe.KEEP_FIRST));
      Claim claim = bench.claim(node);
      long second = bench.enqueue(mail("second", Dedupe.KEEP_FIRST));
      settle(bench, node);
      assertThat(bench.enqueue(mail("third", Dedupe.KEEP_FIRST))).isEqualTo(second);
      assertThat(bench.enqueue(mail("fourth", Dedupe.REPLACE))).isEqualTo(second);
      settle(bench, node);
      long fifth = bench.enqueue(mail("fifth", Dedupe.PUSH_BACK));
      settle(bench, node);
      assertThat(bench.pending("key")).containsExactly(first, fifth);

      bench.complete(node, claim);
      assertThat(payloads(bench.claim(node))).containsExactly("\"fifth\"");
    }
  }

  @Test
  @DisplayName("an item that is to be tried again waits, and matches")
  default void whatCameBackMatches() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long first = bench.enqueue(mail("first", Dedupe.REPLACE));
      bench.retry(node, bench.claim(node), Cause.FAILURE);
      assertThat(bench.enqueue(mail("second", Dedupe.REPLACE))).isEqualTo(first);

      Claim claim = bench.claim(node);
      assertThat(claim.attempt()).isEqualTo(2);
      assertThat(payloads(claim)).containsExactly("\"second\"");
      bench.retry(node, claim, Cause.FAILURE);
      long third = bench.enqueue(mail("third", Dedupe.PUSH_BACK));

      Claim last = bench.claim(node);
      assertThat(ids(last)).containsExactly(third);
      assertThat(last.attempt()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("of one that came back and one that was added meanwhile, the younger matches")
  default void theYoungerOneMatches() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long first = bench.enqueue(mail("first", Dedupe.REPLACE));
      Claim claim = bench.claim(node);
      long second = bench.enqueue(mail("second", Dedupe.REPLACE));
      settle(bench, node);
      bench.end(node, claim, new ClaimEnd.Released(Duration.ZERO));
      assertThat(bench.enqueue(mail("third", Dedupe.REPLACE))).isEqualTo(second);

      Claim both = bench.claim(node);
      assertThat(ids(both)).containsExactly(first, second);
      assertThat(payloads(both)).containsExactly("\"first\"", "\"third\"");
    }
  }

  @Test
  @DisplayName("one that waits under another key is kept, or dropped for the new one")
  default void theOtherMayHaveAnotherKey() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long first = bench.enqueue(mail("first", Dedupe.KEEP_FIRST));
      settle(bench, node);
      Item<String> second = Item.of(MAILS, "other", "second");
      assertThat(bench.enqueue(second.dedupe("same", Dedupe.KEEP_FIRST))).isEqualTo(first);
      settle(bench, node);
      assertThat(bench.pending("other")).isEmpty();

      long replacing = bench.enqueue(second.dedupe("same", Dedupe.REPLACE));
      settle(bench, node);
      assertThat(bench.pending("key")).isEmpty();
      assertThat(bench.pending("other")).containsExactly(replacing);

      long pushing = bench.enqueue(mail("third", Dedupe.PUSH_BACK));
      Claim claim = bench.claim(node);
      assertThat(claim.id().key()).isEqualTo("key");
      assertThat(ids(claim)).containsExactly(pushing);
      bench.claimsNothing(node);
    }
  }

  @Test
  @DisplayName("items of another dedupe key, of another type, or without one are others")
  default void othersAreOthers() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long first = bench.enqueue(mail("first", Dedupe.KEEP_FIRST));
      long upper = bench.enqueue(Item.of(MAILS, "key", "x").dedupe("SAME", Dedupe.PUSH_BACK));
      long without = bench.enqueue("key");
      long chat = bench.enqueue(Item.of(CHATS, "key", "x").dedupe("same", Dedupe.PUSH_BACK));

      assertThat(ids(bench.claim(node))).containsExactly(first, upper, without);
      assertThat(ids(bench.claim(node, Terms.of(CHAT)))).containsExactly(chat);
    }
  }

  @Test
  @DisplayName("items of one call are deduped one after another, as in calls of their own")
  default void aCallIsDedupedInItself() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      List<Long> ids =
          bench
              .harness()
              .enqueueAll(
                  List.of(
                      mail("1", Dedupe.KEEP_FIRST),
                      mail("2", Dedupe.REPLACE),
                      Item.of(MAILS, "key", "between"),
                      mail("3", Dedupe.PUSH_BACK),
                      mail("4", Dedupe.KEEP_FIRST),
                      mail("5", Dedupe.REPLACE),
                      Item.of(MAILS, "key", "last")));

      assertThat(ids.get(1)).isEqualTo(ids.get(0));
      assertThat(ids.get(4)).isEqualTo(ids.get(3));
      assertThat(ids.get(5)).isEqualTo(ids.get(3));
      assertThat(payloads(bench.claim(node)))
          .containsExactly("\"payload of key\"", "\"between\"", "\"5\"", "\"last\"");
      assertThat(bench.pending("key")).hasSize(4);
    }
  }

  @Test
  @DisplayName("of an item that was done nothing is remembered, nor of one that was requeued")
  default void whatHasEndedMatchesNothing() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue(mail("first", Dedupe.KEEP_FIRST));
      bench.complete(node, bench.claim(node));
      long second = bench.enqueue(mail("second", Dedupe.KEEP_FIRST));
      Claim claim = bench.claim(node);
      assertThat(ids(claim)).containsExactly(second);
      bench.end(node, claim, new ClaimEnd.DeadLettered(Cause.FAILURE, "error of the test"));
      bench.harness().requeue(second);
      settle(bench, node);
      long third = bench.enqueue(mail("third", Dedupe.KEEP_FIRST));

      assertThat(ids(bench.claim(node))).containsExactly(second, third);
    }
  }

  @Test
  @DisplayName("a key that gathers counts what is there after a replacement, or a push back")
  default void gatheringCountsWhatIsThere() {
    try (Bench bench = bench()) {
      NodeStore node =
          bench.gathering(Map.of(MAIL, new GatherTerms(10, LATER.multipliedBy(5), 100)));
      bench.enqueue(mail("light", Dedupe.REPLACE).weight(4));
      bench.enqueue(Item.of(MAILS, "key", "other").weight(4));
      bench.claimsNothing(node);
      bench.enqueue(mail("heavy", Dedupe.REPLACE).weight(6));
      settle(bench, node);
      bench.enqueue(mail("light again", Dedupe.REPLACE).weight(5));
      bench.claimsNothing(node);
      bench.enqueue(mail("heavy again", Dedupe.PUSH_BACK).weight(6));

      assertThat(payloads(bench.claim(node))).containsExactly("\"other\"", "\"heavy again\"");
    }
  }

  @Test
  @DisplayName("items of a long key are deduped like those of a short one")
  default void aLongKeyIsDeduped() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Item<?>> items = new ArrayList<>();
      for (int n = 0; n < 350; n++) {
        items.add(Item.of(MAILS, "key", "x").dedupe("item " + n, Dedupe.PUSH_BACK));
      }
      List<Long> left = new ArrayList<>(bench.harness().enqueueAll(items));
      settle(bench, node);
      for (int n : new int[] {340, 170, 3}) {
        left.remove(n);
        left.add(bench.enqueue(items.get(n)));
        settle(bench, node);
        assertThat(bench.pending("key")).isEqualTo(left);
      }
      List<Long> claimed = new ArrayList<>();
      while (claimed.size() < left.size()) {
        Claim claim = bench.claim(node);
        claimed.addAll(ids(claim));
        bench.complete(node, claim);
      }
      assertThat(claimed).isEqualTo(left);
      bench.claimsNothing(node);
    }
  }
}
