package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.OVER_LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.NodeStore;
import io.deriver.testkit.store.DeadLetter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Random walks through all that can happen to keys, each step checked against a plain model. */
public interface WalkContract extends StoreContract {

  @Test
  @DisplayName("whatever happens in whatever order, items, order, attempts and standing are right")
  default void randomWalks() {
    for (long seed = 1; seed <= 6; seed++) {
      try (Bench bench = bench()) {
        new Walk(bench, seed).walk(50);
      } catch (AssertionError e) {
        throw new AssertionError("in the walk of seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  /** One walk. */
  final class Walk {

    private static final Terms TERMS =
        Terms.of(MAIL).guard(Duration.ofDays(30)).attempts(KeyModel.MAX_ATTEMPTS);

    private final Bench bench;
    private final Random random;
    private final NodeStore steady;
    private final Map<String, KeyModel> keys = new TreeMap<>();
    private NodeStore node;

    Walk(Bench bench, long seed) {
      this.bench = bench;
      this.random = new Random(seed);
      this.steady = bench.node();
      this.node = bench.node();
    }

    void walk(int steps) {
      for (int step = 0; step < steps; step++) {
        switch (random.nextInt(8)) {
          case 0, 1 -> enqueue();
          case 2, 3, 4 -> claim();
          case 5, 6 -> end();
          default -> crash();
        }
        look();
      }
      lookAtTheDead();
    }

    private void enqueue() {
      String key = "key" + random.nextInt(4);
      int items = 1 + random.nextInt(3);
      model(key).pending.addAll(bench.enqueue(key, items));
    }

    private void claim() {
      int maxItems = 1 + random.nextInt(3);
      for (Claim claim : bench.claims(node, TERMS.keys(1 + random.nextInt(3)).items(maxItems))) {
        model(claim.id().key()).claimed(claim, maxItems);
      }
    }

    private void end() {
      for (KeyModel model : keys.values()) {
        Claim claim = model.claim;
        if (claim != null && random.nextBoolean()) {
          ClaimEnd end = anyEnd(claim);
          bench.end(node, claim, end);
          model.ended(claim, end);
        }
      }
    }

    private ClaimEnd anyEnd(Claim claim) {
      long first = claim.items().get(0).id();
      return switch (random.nextInt(7)) {
        case 0, 1 -> new ClaimEnd.Completed();
        case 2 -> new ClaimEnd.Retried(Duration.ZERO, Cause.FAILURE, "failed");
        case 3 -> new ClaimEnd.Retried(Duration.ZERO, Cause.TIMEOUT, "timed out");
        case 4 -> new ClaimEnd.Released(Duration.ZERO);
        case 5 ->
            new ClaimEnd.DeadLettered(
                random.nextBoolean() ? Cause.FAILURE : Cause.TIMEOUT, "no good");
        default ->
            random.nextBoolean()
                ? new ClaimEnd.Split(Set.of(first), Map.of())
                : new ClaimEnd.Split(Set.of(), Map.of(first, "no good"));
      };
    }

    private void crash() {
      bench.age(OVER_LEASE);
      steady.renew();
      bench.reapAll(steady);
      node.close();
      node = bench.node();
      for (KeyModel model : keys.values()) {
        if (model.claim != null) {
          model.crashed(Objects.requireNonNull(model.claim));
        }
      }
    }

    private void look() {
      for (Map.Entry<String, KeyModel> entry : keys.entrySet()) {
        assertThat(bench.pending(entry.getKey()))
            .as("pending of %s", entry.getKey())
            .isEqualTo(entry.getValue().pending);
      }
    }

    private void lookAtTheDead() {
      List<Long> dead = new ArrayList<>();
      keys.values().forEach(model -> dead.addAll(model.dead));
      assertThat(bench.harness().deadLetters())
          .extracting(DeadLetter::id)
          .containsExactlyInAnyOrderElementsOf(dead);
    }

    private KeyModel model(String key) {
      return keys.computeIfAbsent(key, k -> new KeyModel());
    }
  }
}
