package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.CHAT;
import static io.deriver.testkit.store.contract.Bench.CHATS;
import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.MAILS;
import static io.deriver.testkit.store.contract.Bench.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.GatherTerms;
import io.deriver.spi.NodeStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which keys wait until they have items enough for a unit, and for how long. */
public interface GatherContract extends StoreContract {

  /** The longest wait of the tests; far above what a test takes. */
  Duration WAIT = Duration.ofHours(1);

  /** Mails wait until ten of them, or a weight of ten, are there. */
  Map<String, GatherTerms> TEN = Map.of(MAIL, new GatherTerms(10, WAIT, 10));

  @Test
  @DisplayName("a key is claimed when its items weigh enough, and not before")
  default void aKeyWaitsForItsWeight() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(TEN);
      long first = bench.enqueue(Item.of(MAILS, "key", "x").weight(4));
      bench.claimsNothing(node);
      long second = bench.enqueue(Item.of(MAILS, "key", "x").weight(5));
      bench.claimsNothing(node);
      long third = bench.enqueue("key");

      assertThat(ids(bench.claim(node))).containsExactly(first, second, third);
    }
  }

  @Test
  @DisplayName("a key that is enough at once does not wait")
  default void aHeavyItemDoesNotWait() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(TEN);
      long heavy = bench.enqueue(Item.of(MAILS, "key", "x").weight(10));

      assertThat(ids(bench.claim(node))).containsExactly(heavy);
    }
  }

  @Test
  @DisplayName("a light key is claimed when its oldest item has waited long enough")
  default void theOldestItemDoesNotWaitForEver() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(TEN);
      long first = bench.enqueue("key");
      bench.claimsNothing(node);
      bench.age(WAIT.dividedBy(2));
      long second = bench.enqueue("key");
      ClaimBatch none = node.claim(Terms.of(MAIL).request());
      assertThat(none.claims()).isEmpty();
      assertThat(none.nextDue()).isNotNull().isBetween(WAIT.dividedBy(4), WAIT.dividedBy(2));

      bench.age(WAIT.multipliedBy(2).dividedBy(3));
      node.renew();

      assertThat(ids(bench.claim(node))).containsExactly(first, second);
    }
  }

  @Test
  @DisplayName("a key does not wait whose items fill a unit, however light they are")
  default void aFullUnitDoesNotWait() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(Map.of(MAIL, new GatherTerms(100, WAIT, 3)));
      bench.enqueue("key", 2);
      bench.claimsNothing(node);
      bench.enqueue("key");

      assertThat(bench.claim(node, Terms.of(MAIL).items(3)).items()).hasSize(3);
    }
  }

  @Test
  @DisplayName("a key does not wait whose unit ends at another variant anyway")
  default void anotherVariantEndsTheWait() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(TEN);
      long first = bench.enqueue("key");
      bench.claimsNothing(node);
      long second = bench.enqueue(Item.of(MAILS, "key", "x").variant("new"));

      Claim claim = bench.claim(node);
      assertThat(ids(claim)).containsExactly(first);
      bench.complete(node, claim);
      bench.claimsNothing(node);
      bench.age(WAIT.multipliedBy(2));
      node.renew();
      assertThat(ids(bench.claim(node))).containsExactly(second);
    }
  }

  @Test
  @DisplayName("what a unit has left waits anew, by the age of its own oldest item")
  default void theRestWaitsAnew() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(TEN);
      bench.enqueue(Item.of(MAILS, "key", "x").weight(10));
      Claim claim = bench.claim(node);
      long rest = bench.enqueue("key");
      bench.complete(node, claim);

      bench.claimsNothing(node);
      bench.age(WAIT.multipliedBy(2));
      node.renew();
      assertThat(ids(bench.claim(node))).containsExactly(rest);
    }
  }

  @Test
  @DisplayName("a unit that is tried again or was released does not wait for more items")
  default void whatWasClaimedOnceDoesNotWait() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(TEN);
      bench.enqueue(Item.of(MAILS, "key", "x").weight(5));
      bench.enqueue(Item.of(MAILS, "key", "x").weight(5));
      bench.end(node, bench.claim(node), new ClaimEnd.Released(Duration.ZERO));
      Claim again = bench.claim(node);
      assertThat(again.items()).hasSize(2);
      bench.retry(node, again, Cause.FAILURE);

      assertThat(bench.claim(node).items()).hasSize(1);
    }
  }

  @Test
  @DisplayName("a dead letter that is requeued to a key that waits brings its age")
  default void aRequeuedItemIsAsOldAsItWas() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(TEN);
      long old = bench.enqueue("key");
      bench.harness().flush(MAILS, "key");
      bench.end(
          node, bench.claim(node), new ClaimEnd.DeadLettered(Cause.FAILURE, "error of the test"));
      bench.age(WAIT.multipliedBy(2));
      node.renew();
      long light = bench.enqueue("key");
      bench.claimsNothing(node);

      bench.harness().requeue(old);

      assertThat(ids(bench.claim(node))).containsExactlyInAnyOrder(old, light);
    }
  }

  @Test
  @DisplayName("an item that is not due counts, and still blocks its key")
  default void undueItemsCount() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(TEN);
      long first = bench.enqueue(Item.of(MAILS, "key", "x").weight(5).delay(WAIT.dividedBy(2)));
      long second = bench.enqueue(Item.of(MAILS, "key", "x").weight(5));
      bench.claimsNothing(node);
      bench.age(WAIT.multipliedBy(3).dividedBy(5));
      node.renew();

      assertThat(ids(bench.claim(node))).containsExactly(first, second);
    }
  }

  @Test
  @DisplayName("other types do not wait")
  default void otherTypesDoNotWait() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(TEN);
      long chat = bench.enqueue(Item.of(CHATS, "key", "hello"));

      assertThat(ids(bench.claim(node, Terms.of(CHAT)))).containsExactly(chat);
    }
  }

  @Test
  @DisplayName("a flush of a key lets its items wait no longer, and nothing else")
  default void aKeyIsFlushed() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(TEN);
      long routed = bench.enqueue("key");
      bench.enqueue("other");
      bench.claimsNothing(node);
      long fresh = bench.enqueue("key");

      bench.harness().flush(MAILS, "key");

      Claim claim = bench.claim(node);
      assertThat(ids(claim)).containsExactly(routed, fresh);
      bench.claimsNothing(node);
      bench.complete(node, claim);
      bench.enqueue("key");
      bench.claimsNothing(node);
    }
  }

  @Test
  @DisplayName("a flush of a key counts for what waits behind a claim")
  default void aClaimedKeyIsFlushed() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(TEN);
      bench.enqueue(Item.of(MAILS, "key", "x").weight(10));
      Claim claim = bench.claim(node);
      long behind = bench.enqueue("key");
      bench.harness().flush(MAILS, "key");
      bench.claimsNothing(node);
      bench.complete(node, claim);

      assertThat(ids(bench.claim(node))).containsExactly(behind);
    }
  }

  @Test
  @DisplayName("a flush of a type lets all its keys wait no longer; later items wait")
  default void aTypeIsFlushed() {
    try (Bench bench = bench()) {
      NodeStore node =
          bench.gathering(
              Map.of(MAIL, new GatherTerms(10, WAIT, 10), CHAT, new GatherTerms(10, WAIT, 10)));
      bench.enqueueKeys("routed", 3);
      bench.enqueue(Item.of(CHATS, "key", "hello"));
      bench.claimsNothing(node);
      bench.enqueueKeys("fresh", 3);
      bench.harness().flush(MAILS);

      assertThat(bench.claims(node, Terms.of(MAIL).keys(10))).hasSize(6);
      bench.enqueue("later");
      bench.claimsNothing(node);
      bench.harness().flushAll();
      assertThat(bench.claims(node, Terms.of(MAIL, CHAT).keys(10))).hasSize(2);
    }
  }

  @Test
  @DisplayName("the node that joined last says how a type gathers, for what waits already, too")
  default void theLastWordCounts() {
    try (Bench bench = bench()) {
      NodeStore plain = bench.node();
      bench.enqueueKeys("waiting", 2);
      assertThat(bench.claims(plain, Terms.of(MAIL).keys(0))).isEmpty();
      NodeStore gathering = bench.gathering(TEN);
      bench.claimsNothing(gathering);
      bench.claimsNothing(plain);
      reapOnce(plain);
      assertThat(plain.remarks()).anyMatch(remark -> remark.contains("type 'mail' gathers"));
      assertThat(gathering.remarks()).noneMatch(remark -> remark.contains("gathers"));

      NodeStore last = bench.node();

      assertThat(bench.claims(plain, Terms.of(MAIL).keys(10))).hasSize(2);
      reapOnce(gathering);
      assertThat(gathering.remarks()).anyMatch(remark -> remark.contains("type 'mail' gathers"));
      reapOnce(last);
      assertThat(last.remarks()).noneMatch(remark -> remark.contains("gathers"));
    }
  }

  private static void reapOnce(NodeStore node) {
    assertThat(node.reap().reaped()).isEmpty();
  }

  @Test
  @DisplayName("many keys that wait are looked at anew in more than one claim, none forgotten")
  default void manyKeysAreLookedAtAnew() {
    try (Bench bench = bench()) {
      NodeStore node = bench.gathering(TEN);
      int keys = 1_200;
      bench.enqueueKeys("key", keys);
      bench.claimsNothing(node);
      bench.claimsNothing(node);
      bench.claimsNothing(node);
      bench.harness().flushAll();

      int claimed = 0;
      List<Claim> claims;
      int empty = 0;
      while (empty < 5) {
        claims = bench.claims(node, Terms.of(MAIL).keys(100));
        claimed += claims.size();
        empty = claims.isEmpty() ? empty + 1 : 0;
      }
      assertThat(claimed).isEqualTo(keys);
    }
  }
}
