package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.MAILS;
import static io.deriver.testkit.store.contract.Bench.ids;
import static io.deriver.testkit.store.contract.Bench.withFence;
import static io.deriver.testkit.store.contract.Bench.withNode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.deriver.Item;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.NodeStore;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.store.DeadLetter;
import io.deriver.testkit.store.ErrorEntry;
import io.deriver.testkit.store.StoreCounts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What each end of a claim leaves behind, and that only the holder of a claim can end it. */
public interface OutcomeContract extends StoreContract {

  /** Every kind of end, for a claim of these items. */
  private static List<ClaimEnd> everyEnd(Claim claim) {
    return List.of(
        new ClaimEnd.Completed(),
        new ClaimEnd.Retried(Duration.ZERO, Cause.TIMEOUT, "late"),
        new ClaimEnd.Released(Duration.ZERO),
        new ClaimEnd.DeadLettered(Cause.FAILURE, "late"),
        new ClaimEnd.Split(Set.copyOf(ids(claim)), Map.of()));
  }

  @Test
  @DisplayName("completed items are gone, and nothing else is kept of the key")
  default void completedItemsAreGone() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 3);

      bench.complete(node, bench.claim(node));

      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(0, 0, 0, 0));
      bench.claimsNothing(node);
    }
  }

  @Test
  @DisplayName("completing a unit leaves the items behind it, and the attempts start anew")
  default void completingLeavesTheRest() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      bench.retry(node, bench.claim(node, Terms.of(MAIL).items(1)), Cause.TIMEOUT);
      bench.complete(node, bench.claim(node, Terms.of(MAIL).items(1)));

      Claim rest = bench.claim(node);

      assertThat(ids(rest)).containsExactly(items.get(1));
      assertThat(rest.attempt()).isEqualTo(1);
      assertThat(rest.standing()).isEqualTo(Standing.REGULAR);
      assertThat(bench.harness().errors(MAIL, "key")).isEmpty();
    }
  }

  @Test
  @DisplayName("a claim ends once: any end after the first is refused and changes nothing")
  default void aClaimEndsOnce() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      Claim claim = bench.claim(node, Terms.of(MAIL).items(1));
      bench.complete(node, claim);

      for (ClaimEnd end : everyEnd(claim)) {
        assertThat(bench.write(node, claim.id(), end)).as("%s", end).isEqualTo(WriteAnswer.REFUSED);
      }

      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(1, 1, 0, 0));
      Claim next = bench.claim(node);
      assertThat(ids(next)).containsExactly(items.get(1));
      assertThat(next.attempt()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName(
      "an end with the fence of an earlier claim is refused and leaves the new claim alone")
  default void anOldFenceIsRefused() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      Claim old = bench.claim(node);
      bench.retry(node, old, Cause.FAILURE);
      Claim current = bench.claim(node);

      for (ClaimEnd end : everyEnd(old)) {
        assertThat(bench.write(node, old.id(), end)).as("%s", end).isEqualTo(WriteAnswer.REFUSED);
        assertThat(bench.write(node, withFence(current.id(), current.id().fence() + 1), end))
            .as("%s with a fence not given yet", end)
            .isEqualTo(WriteAnswer.REFUSED);
      }

      assertThat(bench.pending("key")).isEqualTo(items);
      assertThat(node.renew().held()).containsExactly(current.id().fence());
      bench.complete(node, current);
    }
  }

  @Test
  @DisplayName("an end with the right fence and another node's id is refused")
  default void anotherNodeIsRefused() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore other = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      Claim claim = bench.claim(node);

      for (ClaimEnd end : everyEnd(claim)) {
        assertThat(bench.write(other, withNode(claim.id(), other.nodeId()), end))
            .as("%s", end)
            .isEqualTo(WriteAnswer.REFUSED);
      }

      assertThat(bench.pending("key")).isEqualTo(items);
      bench.complete(node, claim);
    }
  }

  @Test
  @DisplayName("a retry counts the attempt, keeps the error, and brings the same item, no more")
  default void aRetryBringsTheSameItem() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 4);
      Claim first = bench.claim(node, Terms.of(MAIL).items(1));
      bench.end(
          node, first, new ClaimEnd.Retried(Duration.ZERO, Cause.FAILURE, "the provider is out"));

      Claim second = bench.claim(node, Terms.of(MAIL).items(100));

      assertThat(ids(second)).isEqualTo(items.subList(0, 1));
      assertThat(second.attempt()).isEqualTo(2);
      assertThat(second.items()).isEqualTo(first.items());
      ErrorEntry error = onlyError(bench);
      assertThat(error.attempt()).isEqualTo(1);
      assertThat(error.cause()).isEqualTo("failure");
      assertThat(error.node()).isEqualTo(node.nodeId());
      assertThat(error.error()).isEqualTo("the provider is out");
    }
  }

  private static ErrorEntry onlyError(Bench bench) {
    List<ErrorEntry> errors = bench.harness().errors(MAIL, "key");
    assertThat(errors).hasSize(1);
    return errors.get(0);
  }

  @Test
  @DisplayName("attempts go on counting over nodes, one for each claim that was not released")
  default void attemptsPersist() {
    try (Bench bench = bench()) {
      bench.enqueue("key");
      for (int attempt = 1; attempt <= 5; attempt++) {
        NodeStore node = bench.node();
        Claim claim = bench.claim(node);
        assertThat(claim.attempt()).isEqualTo(attempt);
        bench.retry(node, claim, Cause.FAILURE);
      }
      assertThat(bench.harness().errors(MAIL, "key"))
          .extracting(ErrorEntry::attempt)
          .containsExactly(1, 2, 3, 4, 5);
    }
  }

  @Test
  @DisplayName("a timeout puts the key on probation, a later failure lifts that")
  default void aTimeoutMeansProbation() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      bench.retry(node, bench.claim(node), Cause.TIMEOUT);
      Claim onProbation = bench.claim(node);
      assertThat(onProbation.standing()).isEqualTo(Standing.PROBATION);
      assertThat(onlyError(bench).cause()).isEqualTo("timeout");

      bench.retry(node, onProbation, Cause.FAILURE);

      assertThat(bench.claim(node).standing()).isEqualTo(Standing.REGULAR);
    }
  }

  @Test
  @DisplayName("a retry lifts suspicion")
  default void aRetryLiftsSuspicion() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      bench.crash(node, Terms.of(MAIL));
      Claim suspect = bench.claim(node);
      assertThat(suspect.standing()).isEqualTo(Standing.SUSPECT);

      bench.retry(node, suspect, Cause.FAILURE);

      assertThat(bench.claim(node).standing()).isEqualTo(Standing.REGULAR);
    }
  }

  @Test
  @DisplayName("a release gives the attempt back, leaves no error, and keeps the standing")
  default void aReleaseLeavesNoTrace() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      bench.toProbation(node);
      for (int i = 0; i < 3; i++) {
        Claim claim = bench.claim(node);
        assertThat(claim.attempt()).isEqualTo(2);
        assertThat(claim.standing()).isEqualTo(Standing.PROBATION);
        bench.end(node, claim, new ClaimEnd.Released(Duration.ZERO));
      }
      assertThat(bench.pending("key")).isEqualTo(items);
      assertThat(bench.harness().errors(MAIL, "key")).hasSize(1);
    }
  }

  @Test
  @DisplayName("a released suspect is still a suspect")
  default void aReleasedSuspectStaysOne() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      bench.crash(node, Terms.of(MAIL));
      bench.end(node, bench.claim(node), new ClaimEnd.Released(Duration.ZERO));

      Claim again = bench.claim(node);

      assertThat(again.standing()).isEqualTo(Standing.SUSPECT);
      assertThat(again.attempt()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a unit released between two attempts has grown by nothing")
  default void aReleaseKeepsTheUnitOfARetry() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 5);
      bench.retry(node, bench.claim(node, Terms.of(MAIL).items(4)), Cause.FAILURE);
      bench.end(node, bench.claim(node), new ClaimEnd.Released(Duration.ZERO));

      assertThat(ids(bench.claim(node))).isEqualTo(items.subList(0, 2));
    }
  }

  @Test
  @DisplayName("dead letters carry payload, attempts and every error of their unit, in order")
  default void deadLettersCarryTheirHistory() throws Exception {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      long id = bench.enqueue(Item.of(MAILS, "key", "the payload").weight(7).variant("Earl Grey"));
      bench.end(node, bench.claim(node), new ClaimEnd.Released(Duration.ZERO));
      bench.end(
          node, bench.claim(node), new ClaimEnd.Retried(Duration.ZERO, Cause.TIMEOUT, "first"));
      bench.end(
          node, bench.claim(node), new ClaimEnd.Retried(Duration.ZERO, Cause.FAILURE, "second"));
      bench.end(node, bench.claim(node), new ClaimEnd.DeadLettered(Cause.TIMEOUT, "third"));

      List<DeadLetter> dead = bench.harness().deadLetters();

      assertThat(dead).hasSize(1);
      DeadLetter letter = dead.get(0);
      assertThat(letter.id()).isEqualTo(id);
      assertThat(letter.type()).isEqualTo(MAIL);
      assertThat(letter.key()).isEqualTo("key");
      assertThat(letter.weight()).isEqualTo(7);
      assertThat(letter.variant()).isEqualTo("Earl Grey");
      assertThat(letter.attempts()).isEqualTo(3);
      assertThat(letter.ended())
          .containsOnly(entry("timeout", 2), entry("failure", 1), entry("released", 1));
      assertThat(bench.harness().store().codecs().codecFor(String.class).decode(letter.payload()))
          .isEqualTo("the payload");
      assertThat(letter.errors())
          .extracting(ErrorEntry::attempt, ErrorEntry::cause, ErrorEntry::error)
          .containsExactly(
              tuple(1, "timeout", "first"),
              tuple(2, "failure", "second"),
              tuple(3, "timeout", "third"));
      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(0, 0, 0, 1));
    }
  }

  @Test
  @DisplayName("only the unit dies: the key's other items go on, afresh")
  default void theRestOfTheKeyGoesOn() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 4);
      bench.retry(node, bench.claim(node), Cause.TIMEOUT);
      bench.end(node, bench.claim(node), new ClaimEnd.DeadLettered(Cause.FAILURE, "enough"));

      assertThat(bench.harness().deadLetters())
          .extracting(DeadLetter::id)
          .containsExactlyInAnyOrderElementsOf(items.subList(0, 2));
      Claim rest = bench.claim(node);
      assertThat(ids(rest)).isEqualTo(items.subList(2, 4));
      assertThat(rest.attempt()).isEqualTo(1);
      assertThat(rest.standing()).isEqualTo(Standing.REGULAR);
      assertThat(bench.harness().errors(MAIL, "key")).isEmpty();
    }
  }
}
