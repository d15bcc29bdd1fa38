package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.NodeStore;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.testkit.store.DeadLetter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The units of a key that fails become smaller, until the item at fault is alone. */
public interface ShrinkContract extends StoreContract {

  @Test
  @DisplayName("a failed unit comes back by halves, its oldest items first")
  default void aFailedUnitComesBackByHalves() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 12);
      Terms terms = Terms.of(MAIL).items(9).attempts(10);

      for (int size : new int[] {9, 4, 2, 1, 1}) {
        Claim claim = bench.claim(node, terms);
        assertThat(ids(claim)).isEqualTo(items.subList(0, size));
        bench.retry(node, claim, Cause.FAILURE);
      }
    }
  }

  @Test
  @DisplayName("the last attempt is for one item, and so is the one after a last that was not")
  default void theLastAttemptIsForOneItem() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 9);
      bench.retry(node, bench.claim(node, Terms.of(MAIL).attempts(2)), Cause.TIMEOUT);
      Claim last = bench.claim(node, Terms.of(MAIL).attempts(2));
      assertThat(ids(last)).isEqualTo(items.subList(0, 1));
      assertThat(last.attempt()).isEqualTo(2);
      bench.end(node, last, new ClaimEnd.DeadLettered(Cause.FAILURE, "enough"));

      bench.retry(node, bench.claim(node, Terms.of(MAIL).attempts(1)), Cause.FAILURE);

      assertThat(ids(bench.claim(node, Terms.of(MAIL).attempts(1)))).isEqualTo(items.subList(1, 2));
    }
  }

  @Test
  @DisplayName("a unit that is done lets the next of its key be twice as large")
  default void aDoneUnitLetsTheKeyGrow() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 20);
      Terms terms = Terms.of(MAIL).items(5).attempts(10);
      bench.retry(node, bench.claim(node, terms), Cause.FAILURE);

      int from = 0;
      for (int size : new int[] {2, 4, 5, 5}) {
        Claim claim = bench.claim(node, terms);
        assertThat(ids(claim)).isEqualTo(items.subList(from, from + size));
        assertThat(claim.attempt()).isEqualTo(from == 0 ? 2 : 1);
        bench.complete(node, claim);
        from += size;
      }
    }
  }

  @Test
  @DisplayName("with the dead letter the cause is gone: the rest comes in full units")
  default void aDeadLetterEndsTheShrinking() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 8);
      bench.retry(node, bench.claim(node, Terms.of(MAIL).attempts(2)), Cause.FAILURE);
      bench.end(
          node,
          bench.claim(node, Terms.of(MAIL).attempts(2)),
          new ClaimEnd.DeadLettered(Cause.FAILURE, "no good"));

      assertThat(ids(bench.claim(node))).isEqualTo(items.subList(1, 8));
    }
  }

  @Test
  @DisplayName("behind an item that hung to the end, each gets one attempt, until one is done")
  default void behindAHungItemEachGetsOneAttempt() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 5);
      Terms terms = Terms.of(MAIL).attempts(3);
      ClaimEnd hung = new ClaimEnd.DeadLettered(Cause.TIMEOUT, "enough");
      bench.end(node, bench.claim(node, terms.items(1)), hung);

      for (int item = 1; item <= 2; item++) {
        Claim next = bench.claim(node, terms);
        assertThat(ids(next)).containsExactly(items.get(item));
        assertThat(next.attempt()).isEqualTo(3);
        assertThat(next.standing()).isEqualTo(Claim.Standing.PROBATION);
        bench.end(node, next, item == 1 ? hung : new ClaimEnd.Completed());
      }

      Claim rest = bench.claim(node, terms);
      assertThat(ids(rest)).isEqualTo(items.subList(3, 5));
      assertThat(rest.attempt()).isEqualTo(1);
      assertThat(rest.standing()).isEqualTo(Claim.Standing.REGULAR);
    }
  }

  @Test
  @DisplayName("crashes set no item aside that had company: the suspect shrinks first")
  default void aSuspectShrinks() {
    try (Bench bench = bench()) {
      NodeStore reaper = bench.node();
      List<Long> items = bench.enqueue("key", 4);
      Terms terms = Terms.of(MAIL).attempts(1);

      assertThat(bench.crash(reaper, terms).deadLettered()).as("four, as regular").isFalse();
      assertThat(bench.crash(reaper, terms).deadLettered()).as("four, as suspect").isFalse();
      assertThat(bench.crash(reaper, terms).deadLettered()).as("one alone").isTrue();

      assertThat(bench.harness().deadLetters())
          .extracting(DeadLetter::id)
          .containsExactly(items.get(0));
      assertThat(bench.pending("key")).isEqualTo(items.subList(1, 4));
    }
  }

  @Test
  @DisplayName("a guard that passes sets no item aside that had company")
  default void aPassedGuardShrinks() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 3);
      Terms terms = Terms.of(MAIL).guard(Duration.ofMinutes(5)).attempts(1);
      bench.claim(node, terms);
      bench.allExpireBut(node);

      assertThat(bench.reapAll(node)).extracting(Reaped::deadLettered).containsExactly(false);

      Claim alone = bench.claim(node, terms);
      assertThat(ids(alone)).isEqualTo(items.subList(0, 1));
      bench.allExpireBut(node);
      assertThat(bench.reapAll(node)).extracting(Reaped::deadLettered).containsExactly(true);
      assertThat(bench.pending("key")).isEqualTo(items.subList(1, 3));
    }
  }
}
