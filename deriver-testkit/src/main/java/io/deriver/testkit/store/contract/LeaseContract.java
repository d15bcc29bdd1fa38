package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.MAILS;
import static io.deriver.testkit.store.contract.Bench.MOST_OF_LEASE;
import static io.deriver.testkit.store.contract.Bench.OVER_LEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.NodeStore;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How long a node keeps its claims: no live claim is reaped, no dead one kept. */
public interface LeaseContract extends StoreContract {

  @Test
  @DisplayName("nodes have ids of their own")
  default void nodesHaveIdsOfTheirOwn() {
    try (Bench bench = bench()) {
      assertThat(List.of(bench.node(), bench.node(), bench.node()))
          .extracting(NodeStore::nodeId)
          .doesNotHaveDuplicates()
          .allMatch(id -> !id.isBlank());
    }
  }

  @Test
  @DisplayName("a renewal tells the fences of the node's own claims, all of them and no others")
  default void aRenewalTellsWhatIsHeld() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore other = bench.node();
      bench.enqueueKeys("key", 3);
      Claim one = bench.claim(node);
      Claim two = bench.claim(node);
      bench.claim(other);

      assertThat(node.renew().held()).containsExactlyInAnyOrder(one.id().fence(), two.id().fence());
      bench.complete(node, one);
      assertThat(node.renew().held()).containsExactly(two.id().fence());
      bench.complete(node, two);
      assertThat(node.renew().held()).isEmpty();
    }
  }

  @Test
  @DisplayName("a node that renews in time is never reaped")
  default void aRenewedNodeIsNotReaped() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore reaper = bench.node();
      bench.enqueue("key");
      Claim claim = bench.claim(node, Terms.of(MAIL).guard(Duration.ofDays(1)));
      for (int i = 0; i < 4; i++) {
        bench.age(MOST_OF_LEASE);
        node.renew();
        assertThat(bench.reapAll(reaper)).isEmpty();
      }
      bench.complete(node, claim);
    }
  }

  @Test
  @DisplayName("claiming keeps the node alive as renewing does")
  default void claimingKeepsTheNodeAlive() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore reaper = bench.node();
      bench.enqueueKeys("key", 2);
      bench.claim(node);
      bench.age(MOST_OF_LEASE);
      bench.claim(node);
      bench.age(MOST_OF_LEASE);

      assertThat(bench.reapAll(reaper)).isEmpty();
      assertThat(node.renew().held()).hasSize(2);
    }
  }

  @Test
  @DisplayName("a claim that need not renew a lease leaves it as it is")
  default void aClaimThatNeedNotRenewDoesNot() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore reaper = bench.node();
      bench.enqueueKeys("key", 2);
      bench.claim(node);
      bench.age(MOST_OF_LEASE);
      assertThat(bench.claims(node, Terms.of(MAIL).notRenewing())).hasSize(1);
      bench.age(MOST_OF_LEASE);
      reaper.renew();

      assertThat(bench.reapAll(reaper)).hasSize(2);
    }
  }

  @Test
  @DisplayName("what is claimed under a lease that is over renews it, asked to or not")
  default void aClaimUnderALeaseThatIsOverRenewsIt() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore reaper = bench.node();
      bench.enqueue("key");
      bench.allExpireBut(reaper);
      assertThat(bench.claims(node, Terms.of(MAIL).notRenewing())).hasSize(1);

      assertThat(bench.reapAll(reaper)).isEmpty();
    }
  }

  @Test
  @DisplayName("a lease that has passed is not kept by looking for work and finding none")
  default void lookingForWorkRenewsNothing() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore reaper = bench.node();
      bench.enqueue("key");
      Claim claim = bench.claim(node);
      bench.allExpireBut(reaper);

      bench.claimsNothing(node);

      assertThat(bench.reapAll(reaper)).extracting(Reaped::claim).containsExactly(claim.id());
    }
  }

  @Test
  @DisplayName("one node's renewal does nothing for another")
  default void aRenewalIsOnesOwn() {
    try (Bench bench = bench()) {
      NodeStore quiet = bench.node();
      NodeStore busy = bench.node();
      bench.enqueueKeys("key", 2);
      Claim lost = bench.claim(quiet);
      Claim kept = bench.claim(busy);
      bench.age(MOST_OF_LEASE);
      busy.renew();
      bench.age(MOST_OF_LEASE);

      assertThat(bench.reapAll(busy)).extracting(Reaped::claim).containsExactly(lost.id());
      assertThat(busy.renew().held()).containsExactly(kept.id().fence());
    }
  }

  @Test
  @DisplayName("a lease that expired and that nobody reaped can be renewed, and nothing is lost")
  default void anExpiredLeaseCanBeRenewed() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore reaper = bench.node();
      bench.enqueue("key");
      Claim claim = bench.claim(node);
      bench.age(OVER_LEASE);

      assertThat(node.renew().held()).containsExactly(claim.id().fence());
      assertThat(bench.reapAll(reaper)).isEmpty();
      bench.complete(node, claim);
    }
  }

  @Test
  @DisplayName(
      "an end of a claim whose lease and guard have passed is written while nobody reaped it")
  default void anExpiredClaimCanBeEnded() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      Claim claim = bench.claim(node, Terms.of(MAIL).guard(Duration.ofMinutes(1)));
      bench.age(OVER_LEASE);

      bench.complete(node, claim);
      assertThat(bench.pending("key")).isEmpty();
    }
  }

  @Test
  @DisplayName("a renewal after the reaping no longer tells the fence, and the node can claim anew")
  default void aReapedNodeCanComeBack() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore reaper = bench.node();
      bench.enqueue("key");
      Claim lost = bench.claim(node);
      bench.allExpireBut(reaper);
      assertThat(bench.reapAll(reaper)).hasSize(1);

      assertThat(node.renew().held()).isEmpty();
      Claim again = bench.claim(node);
      assertThat(again.id().fence()).isGreaterThan(lost.id().fence());
      assertThat(bench.reapAll(reaper)).isEmpty();
      bench.complete(node, again);
    }
  }

  @Test
  @DisplayName("an idle node whose lease expired and was swept away can claim, and is alive then")
  default void anIdleNodeCanComeBack() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore reaper = bench.node();
      bench.allExpireBut(reaper);
      bench.reapAll(reaper);
      bench.enqueue("key");

      Claim claim = bench.claim(node);

      assertThat(bench.reapAll(reaper)).isEmpty();
      bench.complete(node, claim);
    }
  }

  @Test
  @DisplayName("closing a node leaves its claims to the reaper, when the lease has passed")
  default void aClosedNodesClaimsAreReaped() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore reaper = bench.node();
      bench.enqueue("key");
      Claim claim = bench.claim(node);
      node.close();
      node.close();

      assertThat(bench.reapAll(reaper)).isEmpty();
      bench.claimsNothing(reaper);
      bench.allExpireBut(reaper);
      assertThat(bench.reapAll(reaper)).extracting(Reaped::claim).containsExactly(claim.id());
    }
  }

  @Test
  @DisplayName("claims that are given back can be claimed at once, uncounted, in the same standing")
  default void claimsAreGivenBack() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("slow");
      bench.toProbation(node);
      Claim slow = bench.claim(node);
      bench.enqueue("key");
      Claim claim = bench.claim(node);
      bench.enqueue("kept");
      Claim kept = bench.claim(node);

      assertThat(node.giveBack(Set.of(slow.id().fence(), claim.id().fence(), 4_711L)))
          .containsExactlyInAnyOrder(slow.id(), claim.id());

      assertThat(node.renew().held()).containsExactly(kept.id().fence());
      assertThat(bench.claims(node, Terms.of(MAIL).keys(10)))
          .extracting(again -> again.id().key(), Claim::attempt, Claim::standing)
          .containsExactlyInAnyOrder(
              tuple("slow", slow.attempt(), Standing.PROBATION), tuple("key", 1, Standing.REGULAR));
      bench.complete(node, kept);
    }
  }

  @Test
  @DisplayName("no other node's claim is given back, nor one whose guard has passed")
  default void whatIsNotOnesOwnIsNotGivenBack() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore other = bench.node();
      bench.enqueueKeys("key", 2);
      Claim foreign = bench.claim(other);
      Claim old = bench.claim(node, Terms.of(MAIL).guard(Duration.ofMinutes(1)));
      bench.age(MOST_OF_LEASE);

      assertThat(node.giveBack(Set.of(foreign.id().fence(), old.id().fence()))).isEmpty();
      assertThat(node.giveBack(Set.of())).isEmpty();

      assertThat(other.renew().held()).containsExactly(foreign.id().fence());
      assertThat(node.renew().held()).containsExactly(old.id().fence());
    }
  }

  @Test
  @DisplayName(
      "the holder of a claim hears that an operator wants it ended; nobody else, and no later holder")
  default void aCancelledClaimIsTold() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore other = bench.node();
      bench.enqueue("key");
      assertThat(bench.harness().cancelRunning(MAILS, "key")).isFalse();
      Claim claim = bench.claim(node);
      bench.enqueue("kept");
      Claim kept = bench.claim(node);

      assertThat(bench.harness().cancelRunning(MAILS, "key")).isTrue();

      assertThat(other.renew().cancelled()).isEmpty();
      assertThat(node.renew())
          .isEqualTo(
              new Renewal(
                  Set.of(claim.id().fence(), kept.id().fence()), Set.of(claim.id().fence())));
      bench.retry(node, claim, Cause.FAILURE);
      assertThat(bench.harness().cancelRunning(MAILS, "key")).isFalse();
      bench.claim(node);
      assertThat(node.renew().cancelled()).isEmpty();
    }
  }
}
