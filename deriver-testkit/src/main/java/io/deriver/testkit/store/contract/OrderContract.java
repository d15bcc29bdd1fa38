package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.CHAT;
import static io.deriver.testkit.store.contract.Bench.CHATS;
import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.MAILS;
import static io.deriver.testkit.store.contract.Bench.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.NodeStore;
import io.deriver.spi.StoredItem;
import io.deriver.testkit.store.StoreCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The order of a key's items, and what leaves it. */
public interface OrderContract extends StoreContract {

  @Test
  @DisplayName("items are worked in the order of the calls, and within a call in its order")
  default void itemsAreWorkedInOrder() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> expected = new ArrayList<>(bench.enqueue("key", 3));
      expected.addAll(
          bench
              .harness()
              .enqueueAll(List.of(Item.of(MAILS, "key", "4"), Item.of(MAILS, "key", "5"))));
      expected.add(bench.enqueue("key"));

      List<Long> worked = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Claim claim = bench.claim(node, Terms.of(MAIL).items(2));
        worked.addAll(ids(claim));
        bench.complete(node, claim);
      }

      assertThat(worked).isEqualTo(expected).isSorted();
    }
  }

  @Test
  @DisplayName("calls that mix keys and types keep the order of each")
  default void mixedCallsKeepTheOrderOfEach() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      Map<String, List<Long>> expected = new HashMap<>();
      Random random = new Random(7);
      for (int call = 0; call < 20; call++) {
        List<Item<String>> items = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          ItemType<String> type = random.nextBoolean() ? MAILS : CHATS;
          items.add(Item.of(type, "key" + random.nextInt(3), "x"));
        }
        List<Long> ids = bench.harness().enqueueAll(items);
        for (int i = 0; i < items.size(); i++) {
          Item<String> item = items.get(i);
          expected
              .computeIfAbsent(item.type() + " " + item.key(), k -> new ArrayList<>())
              .add(ids.get(i));
        }
      }

      Map<String, List<Long>> worked = new HashMap<>();
      List<Claim> claims;
      do {
        claims = bench.claims(node, Terms.of(MAIL, CHAT).keys(2).items(3));
        for (Claim claim : claims) {
          worked
              .computeIfAbsent(claim.id().type() + " " + claim.id().key(), k -> new ArrayList<>())
              .addAll(ids(claim));
          bench.complete(node, claim);
        }
      } while (!claims.isEmpty());

      assertThat(worked).isEqualTo(expected);
    }
  }

  @Test
  @DisplayName("a key with more items than fit in any head row keeps their order")
  default void aLongKeyKeepsItsOrder() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> expected = new ArrayList<>();
      for (int call = 0; call < 7; call++) {
        List<Item<String>> items = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          items.add(Item.of(MAILS, "key", call + " " + i));
        }
        expected.addAll(bench.harness().enqueueAll(items));
      }
      assertThat(bench.pending("key")).isEqualTo(expected);

      List<Long> worked = new ArrayList<>();
      while (worked.size() < expected.size()) {
        Claim claim = bench.claim(node, Terms.of(MAIL).items(33));
        worked.addAll(ids(claim));
        bench.complete(node, claim);
      }

      assertThat(worked).isEqualTo(expected);
      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(0, 0, 0, 0));
    }
  }

  @Test
  @DisplayName("a unit that is tried again stays in front of what came after it")
  default void aRetriedUnitStaysInFront() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 3);
      bench.retry(node, bench.claim(node, Terms.of(MAIL).items(1)), Cause.FAILURE);
      bench.enqueue("key");

      Claim again = bench.claim(node);
      assertThat(ids(again)).containsExactly(items.get(0));
      bench.complete(node, again);
      assertThat(ids(bench.claim(node, Terms.of(MAIL).items(1)))).containsExactly(items.get(1));
    }
  }

  @Test
  @DisplayName("a dead letter leaves the order: the items behind it go on")
  default void aDeadLetterLeavesTheOrder() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      bench.end(
          node,
          bench.claim(node, Terms.of(MAIL).items(1)),
          new ClaimEnd.DeadLettered(Cause.FAILURE, "no good"));

      assertThat(bench.pending("key")).containsExactly(items.get(1));
      assertThat(ids(bench.claim(node))).containsExactly(items.get(1));
    }
  }

  @Test
  @DisplayName("a requeued dead letter goes to the end of its key, with attempts of its own")
  default void aRequeuedItemGoesToTheEnd() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      Item<String> item = Item.of(MAILS, "key", "x").weight(7).variant("Earl Grey");
      List<Long> items = List.of(bench.enqueue(item), bench.enqueue("key"));
      Claim claim = bench.claim(node, Terms.of(MAIL).items(1));
      String payload = claim.items().get(0).payload();
      bench.end(node, claim, new ClaimEnd.DeadLettered(Cause.FAILURE, "no good"));

      bench.harness().requeue(items.get(0));

      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(2, 1, 0, 0));
      Claim first = bench.claim(node, Terms.of(MAIL).items(1));
      assertThat(ids(first)).containsExactly(items.get(1));
      bench.complete(node, first);
      Claim last = bench.claim(node);
      assertThat(last.items())
          .extracting(StoredItem::payload, StoredItem::weight, StoredItem::variant)
          .containsExactly(tuple(payload, 7, "Earl Grey"));
      assertThat(last.attempt()).isEqualTo(1);
      bench.complete(node, last);
      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(0, 0, 0, 0));
    }
  }

  @Test
  @DisplayName("a discarded dead letter is gone")
  default void aDiscardedDeadLetterIsGone() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long id = bench.enqueue("key");
      bench.end(node, bench.claim(node), new ClaimEnd.DeadLettered(Cause.FAILURE, "no good"));

      bench.harness().discard(id);

      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(0, 0, 0, 0));
      bench.claimsNothing(node);
    }
  }

  @Test
  @DisplayName("keys that are tried again do not keep the others from their turn")
  default void everyKeyHasItsTurn() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueueKeys("key", 4);

      List<String> worked = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Claim claim = bench.claim(node);
        worked.add(claim.id().key());
        bench.end(node, claim, new ClaimEnd.Retried(Duration.ZERO, Cause.FAILURE, "again"));
      }

      assertThat(worked)
          .containsExactly("key0", "key1", "key2", "key3", "key0", "key1", "key2", "key3");
    }
  }
}
