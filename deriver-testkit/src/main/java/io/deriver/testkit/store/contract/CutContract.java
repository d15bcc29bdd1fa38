package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.MAILS;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Cut;
import io.deriver.Item;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a unit says what kept it from holding more items. */
public interface CutContract extends StoreContract {

  private static Claim first(NodeStore node, TypeTerms terms) {
    return node.claim(new ClaimRequest(List.of(terms), 1, 1, 1)).claims().get(0);
  }

  private static TypeTerms anySize() {
    return Terms.of(MAIL).request().types().get(0);
  }

  @Test
  @DisplayName("nothing, where there were no more items")
  default void aWholeKeyIsNotCut() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 3);

      assertThat(bench.claim(node).cut()).isEqualTo(Cut.NOTHING);
      bench.enqueue("one");
      assertThat(bench.claim(node, Terms.of(MAIL).items(1)).cut()).isEqualTo(Cut.NOTHING);
    }
  }

  @Test
  @DisplayName("maxItems, also where a unit holds one")
  default void aUnitIsCutByItems() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 3);
      bench.enqueue("another", 2);

      assertThat(bench.claim(node, Terms.of(MAIL).items(2)).cut()).isEqualTo(Cut.MAX_ITEMS);
      assertThat(bench.claim(node, Terms.of(MAIL).items(1)).cut()).isEqualTo(Cut.MAX_ITEMS);
    }
  }

  @Test
  @DisplayName("maxItems, where a key is longer than any unit")
  default void aLongKeyIsCutByItems() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 130);

      assertThat(bench.claim(node).cut()).isEqualTo(Cut.MAX_ITEMS);
    }
  }

  @Test
  @DisplayName("maxBytes")
  default void aUnitIsCutByBytes() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", "four");
      bench.enqueue("key", "four");
      bench.enqueue("key", "four");

      Claim claim = bench.claim(node, Terms.of(MAIL).bytes(17));

      assertThat(claim.items()).hasSize(2);
      assertThat(claim.cut()).isEqualTo(Cut.MAX_BYTES);
    }
  }

  @Test
  @DisplayName("maxWeight")
  default void aUnitIsCutByWeight() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 3);

      assertThat(first(node, anySize().weight(2)).cut()).isEqualTo(Cut.MAX_WEIGHT);
    }
  }

  @Test
  @DisplayName("another variant")
  default void aUnitIsCutByVariant() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 2);
      bench.enqueue(Item.of(MAILS, "key", "x").variant("new"));

      assertThat(bench.claim(node).cut()).isEqualTo(Cut.VARIANT);
    }
  }

  @Test
  @DisplayName("an item that is not due")
  default void aUnitIsCutByADueTime() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 2);
      bench.enqueue(Item.of(MAILS, "key", "x").delay(Duration.ofHours(1)));

      assertThat(bench.claim(node).cut()).isEqualTo(Cut.NOT_DUE);
    }
  }

  @Test
  @DisplayName("the failures of its key; nothing, when all that is left fits into the smaller unit")
  default void aUnitIsCutByFailures() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 4);
      bench.retry(node, bench.claim(node), Cause.FAILURE);
      Claim half = bench.claim(node);
      assertThat(half.items()).hasSize(2);
      assertThat(half.cut()).isEqualTo(Cut.SHRUNK);
      bench.complete(node, half);

      assertThat(bench.claim(node).cut()).isEqualTo(Cut.NOTHING);
    }
  }
}
