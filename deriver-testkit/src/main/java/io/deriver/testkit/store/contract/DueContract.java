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
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.NodeStore;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When work becomes claimable: delays of items, rests of keys, and what a claim says of both. */
public interface DueContract extends StoreContract {

  /** A delay of the tests; far above what a test takes, so that no machine is too slow. */
  Duration HOUR = Duration.ofHours(1);

  @Test
  @DisplayName("an item is not claimed before it is due, and is afterwards")
  default void anItemWaitsUntilItIsDue() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long id = bench.enqueue(Item.of(MAILS, "key", "later").delay(HOUR));

      bench.claimsNothing(node);
      bench.age(HOUR.dividedBy(2));
      bench.claimsNothing(node);
      bench.age(HOUR);
      assertThat(ids(bench.claim(node))).containsExactly(id);
    }
  }

  @Test
  @DisplayName("an item that is not due holds back all behind it")
  default void anUndueItemBlocksItsKey() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long first = bench.enqueue(Item.of(MAILS, "key", "later").delay(HOUR));
      long second = bench.enqueue("key", "now");

      bench.claimsNothing(node);
      bench.age(HOUR.multipliedBy(2));
      assertThat(ids(bench.claim(node))).containsExactly(first, second);
    }
  }

  @Test
  @DisplayName("a unit ends before an item that is not due, and the key then waits for it")
  default void aUnitEndsBeforeAnUndueItem() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long first = bench.enqueue("key", "now");
      long second = bench.enqueue(Item.of(MAILS, "key", "later").delay(HOUR));
      long third = bench.enqueue("key", "now too");

      Claim claim = bench.claim(node);
      assertThat(ids(claim)).containsExactly(first);
      bench.complete(node, claim);
      bench.claimsNothing(node);
      bench.age(HOUR.multipliedBy(2));
      node.renew();
      assertThat(ids(bench.claim(node))).containsExactly(second, third);
    }
  }

  @Test
  @DisplayName("an item that is not due and is pushed back holds up its key no longer")
  default void whatIsPushedBackBlocksNothing() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", "now");
      bench.enqueue(Item.of(MAILS, "key", "later").delay(HOUR).dedupe("same", Dedupe.PUSH_BACK));
      long last = bench.enqueue("key", "now too");
      bench.end(node, bench.claim(node), new ClaimEnd.DeadLettered(ClaimEnd.Cause.TIMEOUT, "hung"));
      bench.claimsNothing(node);

      bench.enqueue(Item.of(MAILS, "other", "x").delay(HOUR).dedupe("same", Dedupe.PUSH_BACK));

      assertThat(ids(bench.claim(node))).containsExactly(last);
    }
  }

  @Test
  @DisplayName("a key on its rest after a retry is not claimed before it ends")
  default void aRetriedKeyRests() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      bench.end(
          node, bench.claim(node), new ClaimEnd.Retried(HOUR, ClaimEnd.Cause.FAILURE, "busy"));

      bench.claimsNothing(node);
      bench.enqueue("key");
      bench.claimsNothing(node);
      bench.age(HOUR.multipliedBy(2));
      assertThat(bench.claim(node).attempt()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("a key on its rest after a release is not claimed before it ends")
  default void aReleasedKeyRests() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      bench.end(node, bench.claim(node), new ClaimEnd.Released(HOUR));

      bench.claimsNothing(node);
      bench.age(HOUR.multipliedBy(2));
      assertThat(bench.claim(node).attempt()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a claim tells the next due time of an item, the earliest")
  default void nextDueOfItems() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue(Item.of(MAILS, "late", "x").delay(HOUR.multipliedBy(5)));
      bench.enqueue(Item.of(MAILS, "soon", "x").delay(HOUR));
      bench.enqueue("now");

      ClaimBatch batch = node.claim(Terms.of(MAIL).keys(10).request());

      assertThat(batch.claims()).hasSize(1);
      assertThat(batch.nextDue()).isBetween(HOUR.dividedBy(2), HOUR);
    }
  }

  @Test
  @DisplayName("a claim tells the end of a rest as a due time too")
  default void nextDueOfRests() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      bench.end(node, bench.claim(node), new ClaimEnd.Released(HOUR));

      assertThat(node.claim(Terms.of(MAIL).request()).nextDue()).isBetween(HOUR.dividedBy(2), HOUR);
    }
  }

  @Test
  @DisplayName("types that were not asked for, and claimed keys, have no due time")
  default void nextDueOfOthersIsNotTold() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue(Item.of(CHATS, "key", "x").delay(HOUR));
      bench.enqueue("key", "now");
      bench.enqueue(Item.of(MAILS, "key", "x").delay(HOUR));
      bench.claim(node);

      assertThat(node.claim(Terms.of(MAIL).request()).nextDue()).isNull();
      assertThat(node.claim(Terms.of(CHAT).request()).nextDue()).isNotNull();
    }
  }
}
