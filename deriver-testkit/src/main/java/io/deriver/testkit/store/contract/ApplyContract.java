package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.store.StoreCounts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Steps in the completing transaction: their effects and the completion, both or neither. */
public interface ApplyContract extends StoreContract {

  /** A call of a step that does nothing. */
  Callable<Object> NOTHING = () -> "nothing";

  @Test
  @DisplayName("a step takes effect once, with the completion, and the rest of the key goes on")
  default void aStepTakesEffectWithTheCompletion() throws Exception {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      Claim claim = bench.claim(node, Terms.of(MAIL).items(1));

      assertThat(apply(bench, node, claim, new TestGate(true))).isEqualTo(WriteAnswer.WRITTEN);

      assertThat(bench.effects()).containsExactly("effect");
      assertThat(bench.pending("key")).containsExactly(items.get(1));
      assertThat(ids(bench.claim(node))).containsExactly(items.get(1));
    }
  }

  private static WriteAnswer apply(Bench bench, NodeStore node, Claim claim, TestGate gate)
      throws Exception {
    return node.apply(claim.id(), bench.step(NOTHING), gate);
  }

  @Test
  @DisplayName("a claim is applied once: again, it is refused and leaves no second effect")
  default void aClaimIsAppliedOnce() throws Exception {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      Claim claim = bench.claim(node);
      apply(bench, node, claim, new TestGate(true));

      assertThat(apply(bench, node, claim, new TestGate(true))).isEqualTo(WriteAnswer.REFUSED);
      assertThat(bench.effects()).containsExactly("effect");
    }
  }

  @Test
  @DisplayName("the fence is checked first: for a claim that is gone the step does not even run")
  default void theFenceIsCheckedFirst() throws Exception {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      Claim old = bench.claim(node);
      bench.retry(node, old, Cause.FAILURE);
      Claim current = bench.claim(node);
      TestGate gate = new TestGate(true);
      CompletionStep step = bench.step(() -> gate.calls().add("step"));

      assertThat(node.apply(old.id(), step, gate)).isEqualTo(WriteAnswer.REFUSED);

      assertThat(gate.calls()).doesNotContain("step");
      assertThat(bench.effects()).isEmpty();
      bench.complete(node, current);
    }
  }

  @Test
  @DisplayName("the gate is asked once, after the step; the way to abort is told before it")
  default void theGateIsAskedAfterTheStep() throws Exception {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      TestGate gate = new TestGate(true);
      CompletionStep step = bench.step(() -> gate.calls().add("step " + gate.aborts()));

      node.apply(bench.claim(node).id(), step, gate);

      assertThat(gate.calls()).containsExactly("step 1", "close");
    }
  }

  @Test
  @DisplayName("a gate that says no leaves no effect, and the claim as it was")
  default void aGateThatSaysNo() throws Exception {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 1);
      Claim claim = bench.claim(node);

      assertThat(apply(bench, node, claim, new TestGate(false))).isEqualTo(WriteAnswer.REFUSED);

      assertThat(bench.effects()).isEmpty();
      assertThat(bench.pending("key")).isEqualTo(items);
      bench.retry(node, claim, Cause.TIMEOUT);
    }
  }

  @Test
  @DisplayName("what a step throws comes out as it is, with no effect and the claim as it was")
  default void aStepThatThrows() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 1);
      Claim claim = bench.claim(node);
      IOException thrown = new IOException("thrown by the step");
      TestGate gate = new TestGate(true);
      CompletionStep step =
          bench.step(
              () -> {
                throw thrown;
              });

      assertThatThrownBy(() -> node.apply(claim.id(), step, gate)).isSameAs(thrown);

      assertThat(gate.calls()).as("a gate that was not asked").isEmpty();
      assertThat(bench.effects()).isEmpty();
      assertThat(bench.pending("key")).isEqualTo(items);
      bench.retry(node, claim, Cause.FAILURE);
    }
  }

  @Test
  @DisplayName("a claim that is reaped and taken by another while its step runs: no effect")
  default void aClaimLostWhileTheStepRuns() throws Exception {
    try (Bench bench = bench()) {
      NodeStore zombie = bench.node();
      NodeStore node = bench.node();
      bench.enqueue("key");
      Claim old = bench.claim(zombie);
      List<Claim> taken = new ArrayList<>();
      CompletionStep step =
          bench.step(
              () -> {
                bench.allExpireBut(node);
                bench.reapAll(node);
                return taken.add(bench.claim(node));
              });

      assertThat(zombie.apply(old.id(), step, new TestGate(true))).isEqualTo(WriteAnswer.REFUSED);

      assertThat(bench.effects()).isEmpty();
      assertThat(apply(bench, node, taken.get(0), new TestGate(true)))
          .isEqualTo(WriteAnswer.DRAINED);
      assertThat(bench.effects()).containsExactly("effect");
    }
  }

  @Test
  @DisplayName(
      "a transaction that is aborted from outside leaves no effect, and the claim as it was")
  default void anAbortedTransaction() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 1);
      Claim claim = bench.claim(node);
      TestGate gate = new TestGate(false);
      CompletionStep step =
          bench.step(
              () -> {
                gate.abort();
                return gate;
              });

      assertThat(answerOf(node, claim, step, gate)).isNotEqualTo("WRITTEN");

      assertThat(bench.effects()).isEmpty();
      assertThat(bench.pending("key")).isEqualTo(items);
      bench.retry(node, claim, Cause.TIMEOUT);
    }
  }

  /** The answer or, since an aborted connection may show in either way, what was thrown. */
  private static String answerOf(NodeStore node, Claim claim, CompletionStep step, TestGate gate) {
    try {
      return node.apply(claim.id(), step, gate).name();
    } catch (Exception e) {
      return e.toString();
    }
  }

  @Test
  @DisplayName("a step of another store is refused with an exception, and the claim stands")
  default void aForeignStep() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      Claim claim = bench.claim(node);
      CompletionStep foreign = new CompletionStep() {};

      assertThatThrownBy(() -> node.apply(claim.id(), foreign, new TestGate(true)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("step");
      bench.complete(node, claim);
    }
  }

  @Test
  @DisplayName("a step that takes its time holds up nothing: enqueue, claim, write, renew, reap")
  default void aSlowStepHoldsUpNothing() throws Exception {
    try (Bench bench = bench();
        Crew crew = new Crew()) {
      NodeStore node = bench.node();
      NodeStore other = bench.node();
      bench.enqueue("key");
      Claim claim = bench.claim(node);
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      CompletionStep step =
          bench.step(
              () -> {
                inside.countDown();
                return goOn.await(60, TimeUnit.SECONDS);
              });
      AtomicReference<WriteAnswer> answer = new AtomicReference<>();
      crew.start(() -> answer.set(node.apply(claim.id(), step, new TestGate(true))));
      assertThat(inside.await(60, TimeUnit.SECONDS)).as("the step runs").isTrue();
      try {
        bench.enqueue("key", "behind the claim");
        bench.enqueue("other");
        Claim beside = bench.claim(other);
        assertThat(beside.id().key()).isEqualTo("other");
        bench.complete(other, beside);
        assertThat(node.renew().held()).containsExactly(claim.id().fence());
        assertThat(bench.reapAll(other)).isEmpty();
        bench.claimsNothing(other);
      } finally {
        goOn.countDown();
      }
      crew.join();

      assertThat(answer.get()).isEqualTo(WriteAnswer.WRITTEN);
      assertThat(bench.effects()).containsExactly("effect");
      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(1, 1, 0, 0));
    }
  }
}
