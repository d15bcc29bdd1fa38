package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.NodeStore;
import io.deriver.testkit.store.DeadLetter;
import io.deriver.testkit.store.ErrorEntry;
import io.deriver.testkit.store.StoreCounts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of a unit whose items end each in its own way, and of no other. */
public interface SplitContract extends StoreContract {

  @Test
  @DisplayName("a split ends some items, sets some aside, and leaves the rest in order, afresh")
  default void aSplitEndsSomeItems() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 6);
      bench.end(
          node, bench.claim(node, Terms.of(MAIL).items(1)), new ClaimEnd.Released(Duration.ZERO));
      Claim claim = bench.claim(node, Terms.of(MAIL).items(5));
      bench.end(
          node,
          claim,
          new ClaimEnd.Split(Set.of(items.get(1), items.get(4)), Map.of(items.get(2), "no good")));

      assertThat(bench.pending("key")).containsExactly(items.get(0), items.get(3), items.get(5));
      List<DeadLetter> dead = bench.harness().deadLetters();
      assertThat(dead).extracting(DeadLetter::id).containsExactly(items.get(2));
      assertThat(dead.get(0).errors()).extracting(ErrorEntry::error).containsExactly("no good");
      Claim rest = bench.claim(node);
      assertThat(ids(rest)).containsExactly(items.get(0), items.get(3), items.get(5));
      assertThat(rest.attempt()).isEqualTo(1);
      assertThat(rest.standing()).isEqualTo(Standing.REGULAR);
    }
  }

  @Test
  @DisplayName("a split with failed items lets the key rest; its attempts go on or begin at one")
  default void aSplitRemembersWhatFailed() {
    for (boolean goesOn : new boolean[] {true, false}) {
      try (Bench bench = bench()) {
        NodeStore node = bench.node();
        List<Long> items = bench.enqueue("key", 4);
        bench.retry(node, bench.claim(node, Terms.of(MAIL)), Cause.TIMEOUT);
        bench.end(
            node,
            bench.claim(node),
            new ClaimEnd.Split(
                Set.of(items.get(goesOn ? 1 : 0)),
                Map.of(),
                new ClaimEnd.Rest(goesOn, Duration.ofMinutes(5), "one failed")));

        bench.claimsNothing(node);
        bench.age(Duration.ofMinutes(6));
        Claim rest = bench.claim(node);

        assertThat(ids(rest)).hasSize(3).startsWith(items.get(goesOn ? 0 : 1));
        assertThat(rest.attempt()).isEqualTo(goesOn ? 3 : 2);
        assertThat(rest.standing()).isEqualTo(Standing.REGULAR);
        assertThat(bench.harness().errors(MAIL, "key"))
            .extracting(ErrorEntry::attempt, ErrorEntry::error)
            .isEqualTo(
                goesOn
                    ? List.of(tuple(1, "error of the test"), tuple(2, "one failed"))
                    : List.of(tuple(1, "one failed")));
      }
    }
  }

  @Test
  @DisplayName("a split that ends all items ends the key")
  default void aSplitCanEndTheKey() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      bench.end(
          node,
          bench.claim(node),
          new ClaimEnd.Split(Set.of(items.get(0)), Map.of(items.get(1), "no good")));

      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(0, 0, 0, 1));
    }
  }

  @Test
  @DisplayName("a split touches no item that was not the claim's")
  default void aSplitTouchesOnlyItsOwn() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 3);
      List<Long> others = bench.enqueue("other", 2);
      Claim claim = bench.claim(node, Terms.of(MAIL).items(1));
      bench.end(
          node,
          claim,
          new ClaimEnd.Split(
              Set.of(items.get(0), items.get(1), others.get(0)),
              Map.of(items.get(2), "not its own", others.get(1), "not its own")));

      assertThat(bench.pending("key")).isEqualTo(items.subList(1, 3));
      assertThat(bench.pending("other")).isEqualTo(others);
      assertThat(bench.harness().deadLetters()).isEmpty();
    }
  }
}
