package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.CHAT;
import static io.deriver.testkit.store.contract.Bench.CHATS;
import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.MAILS;
import static io.deriver.testkit.store.contract.Bench.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.Priority;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeStore;
import io.deriver.spi.StoredItem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which keys and items a claim gets: one live claim a key, units and batches within their caps. */
public interface ClaimContract extends StoreContract {

  @Test
  @DisplayName("a claimed key is claimed by nobody else, not even by its own node")
  default void aKeyHasOneLiveClaim() {
    try (Bench bench = bench()) {
      NodeStore first = bench.node();
      NodeStore second = bench.node();
      bench.enqueue("key", 3);
      bench.claim(first, Terms.of(MAIL).items(1));

      bench.claimsNothing(second);
      bench.claimsNothing(first);
    }
  }

  @Test
  @DisplayName("fences grow with every claim, whatever the key, type or node")
  default void fencesGrow() {
    try (Bench bench = bench()) {
      NodeStore first = bench.node();
      NodeStore second = bench.node();
      bench.enqueueKeys("key", 2);
      bench.enqueue(Item.of(CHATS, "key", "hello"));

      Claim one = bench.claim(first);
      Claim two = bench.claim(second, Terms.of(CHAT));
      bench.retry(first, one, Cause.FAILURE);
      Claim three = bench.claim(second, Terms.of(MAIL));
      Claim four = bench.claim(first, Terms.of(MAIL));

      assertThat(List.of(one, two, three, four))
          .extracting(claim -> claim.id().fence())
          .isSorted()
          .doesNotHaveDuplicates();
    }
  }

  @Test
  @DisplayName("a claim carries its node's id, its key and a first attempt at regular standing")
  default void aClaimSaysWhatItIs() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");

      Claim claim = bench.claim(node);

      assertThat(claim.id().node()).isEqualTo(node.nodeId());
      assertThat(claim.id().type()).isEqualTo(MAIL);
      assertThat(claim.id().key()).isEqualTo("key");
      assertThat(claim.attempt()).isEqualTo(1);
      assertThat(claim.standing()).isEqualTo(Standing.REGULAR);
    }
  }

  @Test
  @DisplayName("items come with id, payload and weight as they were enqueued")
  default void itemsComeAsTheyWereEnqueued() throws Exception {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long id =
          bench.enqueue(
              Item.of(MAILS, "key", "tea \"and\" biscuits").weight(7).variant("Earl Grey"));

      StoredItem item = bench.claim(node).items().get(0);

      assertThat(item.id()).isEqualTo(id);
      assertThat(item.weight()).isEqualTo(7);
      assertThat(item.variant()).isEqualTo("Earl Grey");
      assertThat(bench.harness().store().codecs().codecFor(String.class).decode(item.payload()))
          .isEqualTo("tea \"and\" biscuits");
    }
  }

  @Test
  @DisplayName("the same key of another type is another queue")
  default void anotherTypeIsAnotherQueue() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      long chat = bench.enqueue(Item.of(CHATS, "key", "hello"));
      bench.claim(node);

      assertThat(ids(bench.claim(node, Terms.of(CHAT)))).containsExactly(chat);
    }
  }

  @Test
  @DisplayName("only the types asked for are claimed; the others stay")
  default void onlyTheTypesAskedFor() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");

      assertThat(bench.claims(node, Terms.of(CHAT).keys(10))).isEmpty();
      assertThat(bench.claims(node, Terms.of(MAIL).keys(10))).hasSize(1);
    }
  }

  @Test
  @DisplayName(
      "types are favoured in the order of the request, older keys of others notwithstanding")
  default void typesAreFavouredInOrder() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueueKeys("key", 3);
      bench.enqueue(Item.of(CHATS, "key", "hello"));

      assertThat(bench.claim(node, Terms.of(CHAT, MAIL)).id().type()).isEqualTo(CHAT);
    }
  }

  @Test
  @DisplayName("keys that wait longest are claimed first")
  default void oldestKeysFirst() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<String> keys = List.of("c", "a", "d", "b");
      keys.forEach(bench::enqueue);

      List<String> claimed = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        claimed.add(bench.claim(node).id().key());
      }

      assertThat(claimed).isEqualTo(keys);
    }
  }

  @Test
  @DisplayName("a unit holds the oldest items, at most maxItems")
  default void aUnitIsCappedInItems() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 5);

      assertThat(ids(bench.claim(node, Terms.of(MAIL).items(3)))).isEqualTo(items.subList(0, 3));
    }
  }

  @Test
  @DisplayName("a unit holds at most maxBytes of payload, counted as UTF-8")
  default void aUnitIsCappedInBytes() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        items.add(bench.enqueue("key", "ääää"));
      }

      assertThat(ids(bench.claim(node, Terms.of(MAIL).bytes(29)))).isEqualTo(items.subList(0, 2));
    }
  }

  @Test
  @DisplayName("a first item over maxBytes is claimed all the same, alone")
  default void theFirstItemIsAlwaysIncluded() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long large = bench.enqueue("key", "x".repeat(1_000));
      bench.enqueue("key", "small");

      assertThat(ids(bench.claim(node, Terms.of(MAIL).bytes(10)))).containsExactly(large);
    }
  }

  @Test
  @DisplayName("a unit weighs at most maxWeight, and a first item over it comes all the same")
  default void aUnitIsCappedInWeight() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = new ArrayList<>();
      for (int weight : new int[] {3, 4, 0, 1, 1_000_000_000, 1_000_000_000}) {
        items.add(bench.enqueue(Item.of(MAILS, "key", "x").weight(weight)));
      }
      List<List<Long>> units = new ArrayList<>();
      for (long most : new long[] {7, 7, 999_999_999, 7}) {
        TypeTerms terms = Terms.of(MAIL).request().types().get(0).weight(most);
        Claim claim = node.claim(new ClaimRequest(List.of(terms), 1, 1, 1)).claims().get(0);
        units.add(ids(claim));
        bench.complete(node, claim);
      }
      assertThat(units)
          .containsExactly(
              items.subList(0, 3), items.subList(3, 4), items.subList(4, 5), items.subList(5, 6));
    }
  }

  @Test
  @DisplayName("a unit ends where the variant changes, and the next begins there")
  default void aUnitIsOfOneVariant() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = new ArrayList<>();
      for (String variant : List.of("", "", "one", "One", "One", "")) {
        items.add(bench.enqueue(Item.of(MAILS, "key", "x").variant(variant)));
      }
      List<List<Long>> units = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Claim claim = bench.claim(node);
        units.add(ids(claim));
        bench.complete(node, claim);
      }
      assertThat(units)
          .containsExactly(
              items.subList(0, 2), items.subList(2, 3), items.subList(3, 5), items.subList(5, 6));
    }
  }

  @Test
  @DisplayName("no more keys than asked for; the next claim gets the next ones")
  default void keysAreCapped() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueueKeys("key", 5);

      assertThat(bench.claims(node, Terms.of(MAIL).keys(0))).isEmpty();
      assertThat(bench.claims(node, Terms.of(MAIL).keys(3))).hasSize(3);
      assertThat(bench.claims(node, Terms.of(MAIL).keys(3))).hasSize(2);
    }
  }

  @Test
  @DisplayName("a type has a cap of its own, below that of all; what it leaves waiting is no hurry")
  default void typesHaveTheirOwnCaps() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueueKeys("key", 5);
      bench.enqueue(Item.of(CHATS, "one", "hello"));
      bench.enqueue(Item.of(CHATS, "two", "hello"));
      List<TypeTerms> terms = Terms.of(MAIL, CHAT).request().types();

      ClaimBatch batch =
          node.claim(new ClaimRequest(List.of(terms.get(0).keys(2), terms.get(1)), 10, 10, 10));

      assertThat(batch.claims())
          .extracting(claim -> claim.id().type())
          .containsExactly(MAIL, MAIL, CHAT, CHAT);
      assertThat(batch.nextDue()).as("when to ask again").isNull();
      assertThat(node.claim(new ClaimRequest(List.of(terms.get(0).keys(4)), 2, 10, 10)).claims())
          .as("within the cap of all")
          .hasSize(2);
    }
  }

  @Test
  @DisplayName("keys on probation and suspects stay within caps of their own, below that of all")
  default void standingsHaveTheirOwnCaps() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      crowdOfEachStanding(bench, node);

      List<Claim> claims = bench.claims(node, Terms.of(MAIL).keys(100).standing(2, 1));

      assertThat(claims).filteredOn(c -> c.standing() == Standing.PROBATION).hasSize(2);
      assertThat(claims).filteredOn(c -> c.standing() == Standing.SUSPECT).hasSize(1);
      assertThat(claims).filteredOn(c -> c.standing() == Standing.REGULAR).hasSize(4);
    }
  }

  @Test
  @DisplayName("caps of nought keep those on probation and suspects out, and let regular keys in")
  default void capsOfNought() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      crowdOfEachStanding(bench, node);

      assertThat(bench.claims(node, Terms.of(MAIL).keys(100).standing(0, 0)))
          .hasSize(4)
          .allMatch(claim -> claim.standing() == Standing.REGULAR);
    }
  }

  @Test
  @DisplayName("the cap of all keys holds for mixed standings too")
  default void theCapOfAllHoldsForMixedStandings() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      crowdOfEachStanding(bench, node);

      assertThat(bench.claims(node, Terms.of(MAIL).keys(5).standing(4, 4))).hasSize(5);
    }
  }

  @Test
  @DisplayName("a store without work answers no claims and no due time")
  default void nothingToClaim() {
    try (Bench bench = bench()) {
      ClaimBatch batch = bench.node().claim(Terms.of(MAIL, CHAT).keys(10).request());

      assertThat(batch.claims()).isEmpty();
      assertThat(batch.nextDue()).isNull();
    }
  }

  @Test
  @DisplayName("an enqueue into a claimed key is neither refused nor lost nor worked too early")
  default void enqueueingIntoAClaimedKey() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long first = bench.enqueue("key");
      Claim claim = bench.claim(node);

      long second = bench.enqueue("key");

      bench.claimsNothing(node);
      assertThat(bench.pending("key")).containsExactly(first, second);
      bench.complete(node, claim);
      assertThat(ids(bench.claim(node))).containsExactly(second);
    }
  }

  /** Four keys of each standing, each of another priority, all of them waiting. */
  private static void crowdOfEachStanding(Bench bench, NodeStore node) {
    NodeStore doomed = bench.node();
    enqueueOfEachPriority(bench, "suspect");
    assertThat(bench.claims(doomed, Terms.of(MAIL).keys(4))).hasSize(4);
    bench.age(Bench.OVER_LEASE);
    node.renew();
    assertThat(bench.reapAll(node)).hasSize(4);
    enqueueOfEachPriority(bench, "slow");
    for (Claim claim : bench.claims(node, Terms.of(MAIL).keys(4).standing(0, 0))) {
      bench.retry(node, claim, Cause.TIMEOUT);
    }
    enqueueOfEachPriority(bench, "regular");
  }

  private static void enqueueOfEachPriority(Bench bench, String prefix) {
    for (Priority priority : Priority.values()) {
      bench.enqueue(Item.of(MAILS, prefix + priority, "payload").priority(priority));
    }
  }
}
