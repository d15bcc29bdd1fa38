package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.CHAT;
import static io.deriver.testkit.store.contract.Bench.CHATS;
import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.MAILS;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What holds for a type on all nodes: that it is paused, and how many of it are claimed at once.
 */
public interface TypeContract extends StoreContract {

  private static List<Claim> claims(NodeStore node, int keys, int running) {
    TypeTerms terms = Terms.of(MAIL).request().types().get(0).running(running);
    return node.claim(new ClaimRequest(List.of(terms), keys, keys, keys)).claims();
  }

  @Test
  @DisplayName("nothing of a paused type is claimed by any node, also by one that joins later")
  default void aPausedTypeIsNotClaimed() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      bench.enqueue(Item.of(CHATS, "key", "payload"));

      assertThat(bench.harness().pause(MAILS)).isTrue();
      assertThat(bench.harness().pause(MAILS)).isFalse();

      assertThat(bench.claim(node, Terms.of(MAIL, CHAT)).id().type()).isEqualTo(CHAT);
      bench.claimsNothing(bench.node());
      bench.enqueue("another");
      bench.claimsNothing(node);
    }
  }

  @Test
  @DisplayName("after the pause everything is claimed, and what was claimed before can be ended")
  default void aTypeIsResumed() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      Claim before = bench.claim(node);
      bench.enqueue("another");
      bench.harness().pause(MAILS);
      bench.complete(node, before);
      bench.claimsNothing(node);

      assertThat(bench.harness().resume(MAILS)).isTrue();
      assertThat(bench.harness().resume(MAILS)).isFalse();

      assertThat(bench.claim(node).id().key()).isEqualTo("another");
    }
  }

  @Test
  @DisplayName("what is not due of a paused type is no reason to come back for it")
  default void aPausedTypeIsNotDue() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue(Item.of(MAILS, "key", "payload").delay(Duration.ofHours(1)));
      bench.harness().pause(MAILS);
      bench.claimsNothing(node);
      assertThat(node.claim(Terms.of(MAIL).request()).nextDue()).as("next due").isNull();

      bench.harness().resume(MAILS);

      assertThat(node.claim(Terms.of(MAIL).request()).nextDue()).as("next due").isNotNull();
    }
  }

  @Test
  @DisplayName("a node says in its remarks which of its types are paused")
  default void aPauseIsRemarkedOn() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.harness().pause(MAILS);
      node.reap();
      assertThat(node.remarks())
          .contains("type 'mail' is paused for all nodes, by an operator")
          .noneMatch(remark -> remark.contains("'chat' is paused"));
      bench.harness().resume(MAILS);
      node.reap();
      assertThat(node.remarks()).noneMatch(remark -> remark.contains("paused"));
    }
  }

  @Test
  @DisplayName("no more keys are claimed at once than the limit over all nodes allows")
  default void aLimitHoldsOverAllNodes() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore other = bench.node();
      bench.enqueueKeys("key", 10);

      List<Claim> first = claims(node, 2, 3);
      assertThat(first).hasSize(2);
      assertThat(claims(other, 10, 3)).hasSize(1);
      assertThat(claims(node, 10, 3)).isEmpty();
      bench.complete(node, first.get(0));
      assertThat(claims(other, 10, 3)).hasSize(1);
      assertThat(claims(node, 10, 3)).isEmpty();
      assertThat(claims(node, 10, 5)).as("another node's own number").hasSize(2);
    }
  }

  @Test
  @DisplayName("claims of other types do not count")
  default void otherTypesDoNotCount() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue(Item.of(CHATS, "key", "payload"));
      bench.claim(node, Terms.of(CHAT));
      bench.enqueueKeys("key", 3);

      assertThat(claims(node, 10, 1)).hasSize(1);
    }
  }
}
