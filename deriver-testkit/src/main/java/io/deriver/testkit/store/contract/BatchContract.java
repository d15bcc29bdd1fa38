package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.withFence;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.store.StoreCounts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many ends in one call: each has its own answer, and none takes another down. */
public interface BatchContract extends StoreContract {

  @Test
  @DisplayName("each write of a batch gets its own answer, and a refused one takes no other down")
  default void aBatchAnswersEach() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueueKeys("key", 5);
      List<Claim> claims = bench.claims(node, Terms.of(MAIL).keys(5));
      bench.complete(node, claims.get(1));

      List<WriteAnswer> answers =
          node.write(
              List.of(
                  new OutcomeWrite(claims.get(4).id(), new ClaimEnd.Completed()),
                  new OutcomeWrite(claims.get(1).id(), new ClaimEnd.Completed()),
                  new OutcomeWrite(
                      claims.get(0).id(), new ClaimEnd.DeadLettered(Cause.FAILURE, "no good")),
                  new OutcomeWrite(
                      withFence(claims.get(2).id(), Long.MAX_VALUE), new ClaimEnd.Completed()),
                  new OutcomeWrite(claims.get(3).id(), new ClaimEnd.Released(Duration.ZERO))));

      assertThat(answers)
          .containsExactly(
              WriteAnswer.DRAINED,
              WriteAnswer.REFUSED,
              WriteAnswer.WRITTEN,
              WriteAnswer.REFUSED,
              WriteAnswer.WRITTEN);
      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(2, 2, 1, 1));
    }
  }

  @Test
  @DisplayName("of two ends of one claim in a batch, one is written and one refused")
  default void aBatchEndsAClaimOnce() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 2);
      Claim claim = bench.claim(node, Terms.of(MAIL).items(1));
      OutcomeWrite write = new OutcomeWrite(claim.id(), new ClaimEnd.Completed());

      assertThat(node.write(List.of(write, write)))
          .containsExactlyInAnyOrder(WriteAnswer.WRITTEN, WriteAnswer.REFUSED);
      assertThat(bench.pending("key")).hasSize(1);
    }
  }

  @Test
  @DisplayName("an empty batch gets an empty answer")
  default void anEmptyBatch() {
    try (Bench bench = bench()) {
      assertThat(bench.node().write(List.of())).isEmpty();
    }
  }
}
