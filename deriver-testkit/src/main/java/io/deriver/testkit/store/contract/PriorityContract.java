package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.MAILS;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.Priority;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.NodeStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which of the keys that wait are claimed first. */
public interface PriorityContract extends StoreContract {

  private static void enqueue(Bench bench, String key, Priority priority) {
    bench.enqueue(Item.of(MAILS, key, "payload").priority(priority));
  }

  /** The keys that so many claims of one key each bring, in their order. */
  private static List<String> claimed(Bench bench, NodeStore node, int claims) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < claims; i++) {
      keys.add(bench.claim(node, Terms.of(MAIL).keys(1)).id().key());
    }
    return keys;
  }

  @Test
  @DisplayName("the highest first, and of equal ones the oldest")
  default void theHighestPriorityIsClaimedFirst() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      enqueue(bench, "low", Priority.LOW);
      enqueue(bench, "normal", Priority.NORMAL);
      enqueue(bench, "high", Priority.HIGH);
      enqueue(bench, "urgent", Priority.URGENT);
      enqueue(bench, "urgent too", Priority.URGENT);

      List<Claim> first = bench.claims(node, Terms.of(MAIL).keys(3));

      assertThat(first)
          .extracting(claim -> claim.id().key())
          .containsExactlyInAnyOrder("urgent", "urgent too", "high");
      assertThat(claimed(bench, node, 2)).containsExactly("normal", "low");
    }
  }

  @Test
  @DisplayName("a key has the highest priority of its items, and the order within it stays")
  default void aKeyIsAsUrgentAsItsMostUrgentItem() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      enqueue(bench, "other", Priority.NORMAL);
      long first = bench.enqueue(Item.of(MAILS, "key", "first").priority(Priority.LOW));
      enqueue(bench, "key", Priority.URGENT);

      Claim claim = bench.claim(node, Terms.of(MAIL).keys(1).items(1));

      assertThat(claim.id().key()).isEqualTo("key");
      assertThat(Bench.ids(claim)).containsExactly(first);
    }
  }

  @Test
  @DisplayName("a key whose urgent items are done is as urgent as what is left")
  default void whatIsLeftHasItsOwnPriority() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      enqueue(bench, "other", Priority.NORMAL);
      enqueue(bench, "key", Priority.URGENT);
      enqueue(bench, "key", Priority.LOW);
      Claim urgent = bench.claim(node, Terms.of(MAIL).keys(1).items(1));
      assertThat(urgent.id().key()).isEqualTo("key");
      bench.complete(node, urgent);

      assertThat(claimed(bench, node, 2)).containsExactly("other", "key");
    }
  }

  @Test
  @DisplayName("what comes while a key waits or is claimed makes it more urgent")
  default void aKeyBecomesMoreUrgent() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      enqueue(bench, "other", Priority.NORMAL);
      enqueue(bench, "third", Priority.NORMAL);
      enqueue(bench, "key", Priority.LOW);
      Claim claim = bench.claim(node, Terms.of(MAIL).keys(1));
      assertThat(claim.id().key()).isEqualTo("other");
      enqueue(bench, "key", Priority.HIGH);

      assertThat(claimed(bench, node, 1)).containsExactly("key");
    }
  }

  @Test
  @DisplayName("what is low is claimed at each fourth claim if it is the oldest")
  default void theOldestIsNotPassedOverForEver() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      enqueue(bench, "low", Priority.LOW);
      for (int i = 0; i < 8; i++) {
        enqueue(bench, "urgent" + i, Priority.URGENT);
      }

      assertThat(claimed(bench, node, 4)).contains("low");
    }
  }

  @Test
  @DisplayName("priority outlives a retry, probation and the dead letter")
  default void priorityStaysWithTheItem() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      enqueue(bench, "key", Priority.URGENT);
      bench.retry(node, bench.claim(node), Cause.TIMEOUT);
      enqueue(bench, "other", Priority.NORMAL);
      Claim again = bench.claim(node, Terms.of(MAIL).keys(1));
      assertThat(again.id().key()).isEqualTo("key");
      assertThat(again.standing()).isEqualTo(Standing.PROBATION);
      bench.end(node, again, new ClaimEnd.DeadLettered(Cause.FAILURE, "no good"));
      bench.harness().requeue(bench.harness().deadLetters().get(0).id());

      assertThat(claimed(bench, node, 1)).containsExactly("key");
    }
  }

  @Test
  @DisplayName("keys on probation and suspects keep to their caps, whatever their priorities")
  default void capsOfStandingsHoldOverAllPriorities() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      enqueue(bench, "low", Priority.LOW);
      enqueue(bench, "normal", Priority.NORMAL);
      enqueue(bench, "urgent", Priority.URGENT);
      bench
          .claims(node, Terms.of(MAIL).keys(3))
          .forEach(claim -> bench.retry(node, claim, Cause.TIMEOUT));
      enqueue(bench, "regular", Priority.NORMAL);

      List<Claim> claims = bench.claims(node, Terms.of(MAIL).keys(10).standing(1, 1));

      assertThat(claims)
          .extracting(claim -> claim.id().key())
          .containsExactlyInAnyOrder("urgent", "regular");
    }
  }

  @Test
  @DisplayName("a long key is as urgent as its most urgent item")
  default void aLongKeyIsUrgentToo() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      enqueue(bench, "other", Priority.NORMAL);
      bench.enqueue("key", 120);
      enqueue(bench, "key", Priority.URGENT);

      assertThat(claimed(bench, node, 1)).containsExactly("key");
    }
  }
}
