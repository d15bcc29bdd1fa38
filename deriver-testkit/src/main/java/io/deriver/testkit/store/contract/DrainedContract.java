package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.MAIL;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.WriteAnswer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A store tells which end left its key without items, if that end was a clean one. */
public interface DrainedContract extends StoreContract {

  @Test
  @DisplayName("the end of a key's last unit tells that the key is drained, in a batch as alone")
  default void theLastUnitDrainsItsKey() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("long", 2);
      bench.enqueue("short");
      List<Claim> claims = bench.claims(node, Terms.of(MAIL).items(1).keys(2));

      List<WriteAnswer> answers =
          node.write(
              claims.stream()
                  .map(claim -> new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))
                  .toList());

      assertThat(answers)
          .containsExactlyElementsOf(
              claims.stream()
                  .map(
                      claim ->
                          claim.id().key().equals("short")
                              ? WriteAnswer.DRAINED
                              : WriteAnswer.WRITTEN)
                  .toList());
      assertThat(completed(bench, node)).isEqualTo(WriteAnswer.DRAINED);
    }
  }

  private static WriteAnswer completed(Bench bench, NodeStore node) {
    return bench.write(
        node, bench.claim(node, Terms.of(MAIL).items(100)).id(), new ClaimEnd.Completed());
  }

  @Test
  @DisplayName("a step that ends a key's last unit tells so, and no other step does")
  default void aStepDrainsItsKey() throws Exception {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 2);
      for (WriteAnswer answer : List.of(WriteAnswer.WRITTEN, WriteAnswer.DRAINED)) {
        Claim claim = bench.claim(node, Terms.of(MAIL).items(1));
        CompletionStep step = bench.harness().step("effect", () -> "nothing");
        assertThat(node.apply(claim.id(), step, new TestGate(true))).isEqualTo(answer);
      }
    }
  }

  @Test
  @DisplayName("a long key is drained by the end of its last unit")
  default void aLongKeyIsDrainedAtItsEnd() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 250);
      assertThat(completed(bench, node)).isEqualTo(WriteAnswer.WRITTEN);
      assertThat(completed(bench, node)).isEqualTo(WriteAnswer.WRITTEN);
      assertThat(completed(bench, node)).isEqualTo(WriteAnswer.DRAINED);
    }
  }

  @Test
  @DisplayName("a key that ends with a dead letter is not told to be drained")
  default void onlyACleanEndDrains() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("dead");
      Claim dead = bench.claim(node);
      assertThat(bench.write(node, dead.id(), new ClaimEnd.DeadLettered(Cause.FAILURE, "no good")))
          .isEqualTo(WriteAnswer.WRITTEN);

      List<Long> items = bench.enqueue("split", 2);
      Claim split = bench.claim(node);
      ClaimEnd oneDead = new ClaimEnd.Split(Set.of(items.get(0)), Map.of(items.get(1), "no good"));
      assertThat(bench.write(node, split.id(), oneDead)).isEqualTo(WriteAnswer.WRITTEN);

      items = bench.enqueue("clean", 2);
      Claim clean = bench.claim(node);
      ClaimEnd allDone = new ClaimEnd.Split(Set.copyOf(items), Map.of());
      assertThat(bench.write(node, clean.id(), allDone)).isEqualTo(WriteAnswer.DRAINED);
    }
  }
}
