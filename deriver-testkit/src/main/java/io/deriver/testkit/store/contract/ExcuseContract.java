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
import io.deriver.testkit.store.ErrorEntry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of a unit that failed though it is not to blame, and how old a claim says it is. */
public interface ExcuseContract extends StoreContract {

  private static ClaimEnd excused(Cause cause) {
    return new ClaimEnd.Released(Duration.ZERO, new ClaimEnd.Failure(cause, "all of them fail"));
  }

  @Test
  @DisplayName("the attempt is given back, the same items come again, and the error is remembered")
  default void anExcusedFailureDoesNotCount() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 4);
      bench.retry(node, bench.claim(node, Terms.of(MAIL).items(4)), Cause.FAILURE);
      for (int i = 0; i < 3; i++) {
        Claim claim = bench.claim(node, Terms.of(MAIL).items(4));
        assertThat(claim.attempt()).isEqualTo(2);
        assertThat(ids(claim)).isEqualTo(items.subList(0, 2));
        bench.end(node, claim, excused(Cause.FAILURE));
      }
      assertThat(bench.harness().errors(MAIL, "key"))
          .extracting(ErrorEntry::attempt, ErrorEntry::cause, ErrorEntry::error)
          .endsWith(tuple(2, "failure", "all of them fail"))
          .hasSize(4);
      assertThat(bench.claim(node).standing()).isEqualTo(Standing.REGULAR);
    }
  }

  @Test
  @DisplayName("a timeout that does not count means probation nevertheless")
  default void anExcusedTimeoutMeansProbation() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      bench.end(node, bench.claim(node), excused(Cause.TIMEOUT));

      Claim again = bench.claim(node);

      assertThat(again.attempt()).isEqualTo(1);
      assertThat(again.standing()).isEqualTo(Standing.PROBATION);
      bench.end(node, again, excused(Cause.FAILURE));
      assertThat(bench.claim(node).standing()).isEqualTo(Standing.REGULAR);
    }
  }

  @Test
  @DisplayName("a suspect whose process lived through it is none any more")
  default void anExcusedSuspectIsNoneAnyMore() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      bench.crash(node, Terms.of(MAIL));
      bench.end(node, bench.claim(node), excused(Cause.FAILURE));

      assertThat(bench.claim(node).standing()).isEqualTo(Standing.REGULAR);
    }
  }

  @Test
  @DisplayName("a claim is as old as its oldest item")
  default void aClaimTellsItsAge() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 2);
      bench.age(Duration.ofMinutes(50));
      bench.enqueue("key");

      Claim claim = bench.claim(node, Terms.of(MAIL).items(3));

      assertThat(claim.age()).isBetween(Duration.ofMinutes(50), Duration.ofMinutes(59));
      bench.complete(node, claim);
      bench.enqueue("key");
      assertThat(bench.claim(node).age()).isLessThan(Duration.ofMinutes(9));
    }
  }
}
