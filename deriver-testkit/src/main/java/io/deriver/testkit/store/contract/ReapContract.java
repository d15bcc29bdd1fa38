package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.CHAT;
import static io.deriver.testkit.store.contract.Bench.CHATS;
import static io.deriver.testkit.store.contract.Bench.JUST_OVER_LEASE;
import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.deriver.Item;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.NodeStore;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.ReapReport.Reason;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.store.DeadLetter;
import io.deriver.testkit.store.ErrorEntry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is taken back, when, and what that costs the key. */
public interface ReapContract extends StoreContract {

  @Test
  @DisplayName("a dead node's claim is taken back and its items are there again at once")
  default void aDeadNodesClaimIsTakenBack() {
    try (Bench bench = bench()) {
      NodeStore reaper = bench.node();
      List<Long> items = bench.enqueue("key", 2);

      Reaped reaped = bench.crash(reaper, Terms.of(MAIL));

      assertThat(reaped.reason()).isEqualTo(Reason.NODE_EXPIRED);
      assertThat(reaped.deadLettered()).isFalse();
      assertThat(ids(bench.claim(reaper))).isEqualTo(items);
    }
  }

  @Test
  @DisplayName("the first crash makes a suspect, gives the attempt back, and is remembered")
  default void theFirstCrashMakesASuspect() {
    try (Bench bench = bench()) {
      NodeStore reaper = bench.node();
      bench.enqueue("key");
      bench.crash(reaper, Terms.of(MAIL));

      Claim claim = bench.claim(reaper);

      assertThat(claim.standing()).isEqualTo(Standing.SUSPECT);
      assertThat(claim.attempt()).isEqualTo(1);
      assertThat(bench.harness().errors(MAIL, "key"))
          .extracting(ErrorEntry::cause)
          .containsExactly("crash");
    }
  }

  @Test
  @DisplayName("one process-killing unit condemns none of those that ran beside it")
  default void theOthersAreNotCondemned() {
    try (Bench bench = bench()) {
      NodeStore reaper = bench.node();
      NodeStore doomed = bench.node();
      bench.enqueueKeys("key", 8);
      assertThat(bench.claims(doomed, Terms.of(MAIL).keys(8).attempts(1))).hasSize(8);
      bench.allExpireBut(reaper);
      assertThat(bench.reapAll(reaper)).hasSize(8).noneMatch(Reaped::deadLettered);

      List<Claim> suspects = bench.claims(reaper, Terms.of(MAIL).keys(8).standing(0, 8));
      assertThat(suspects).hasSize(8).allMatch(claim -> claim.attempt() == 1);
      suspects.forEach(claim -> bench.complete(reaper, claim));
      assertThat(bench.harness().deadLetters()).isEmpty();
    }
  }

  @Test
  @DisplayName("crashes while suspect count, and after maxAttempts of them the unit is set aside")
  default void crashesOfASuspectCount() {
    try (Bench bench = bench()) {
      NodeStore reaper = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      Terms terms = Terms.of(MAIL).items(1).attempts(2);

      assertThat(bench.crash(reaper, terms).deadLettered()).as("the first crash").isFalse();
      assertThat(bench.crash(reaper, terms).deadLettered()).as("the first as suspect").isFalse();
      assertThat(bench.crash(reaper, terms).deadLettered()).as("the second as suspect").isTrue();

      List<DeadLetter> dead = bench.harness().deadLetters();
      assertThat(dead).extracting(DeadLetter::id).containsExactly(items.get(0));
      assertThat(dead.get(0).attempts()).isEqualTo(2);
      assertThat(dead.get(0).ended()).containsOnly(entry("crash", 3));
      assertThat(dead.get(0).errors())
          .extracting(ErrorEntry::cause)
          .containsExactly("crash", "crash", "crash");
      Claim rest = bench.claim(reaper);
      assertThat(ids(rest)).containsExactly(items.get(1));
      assertThat(rest.standing()).isEqualTo(Standing.REGULAR);
      assertThat(rest.attempt()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a suspect that completes is regular again")
  default void aSuspectCanClearItself() {
    try (Bench bench = bench()) {
      NodeStore reaper = bench.node();
      bench.enqueue("key", 2);
      bench.crash(reaper, Terms.of(MAIL).items(1));
      bench.complete(reaper, bench.claim(reaper));

      Claim next = bench.claim(reaper);
      assertThat(next.standing()).isEqualTo(Standing.REGULAR);
      assertThat(next.attempt()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("the unit of a reaped claim comes again with the same items, whatever came since")
  default void aReapedUnitStaysTheSame() {
    try (Bench bench = bench()) {
      NodeStore reaper = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      bench.crash(reaper, Terms.of(MAIL));
      bench.enqueue("key");

      assertThat(ids(bench.claim(reaper))).isEqualTo(items);
    }
  }

  @Test
  @DisplayName("a claim past its guard is taken back though its node lives and renews")
  default void aPassedGuardIsReaped() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      NodeStore reaper = bench.node();
      List<Long> items = bench.enqueue("key", 2);
      Claim claim = bench.claim(node, Terms.of(MAIL).items(1).guard(Duration.ofMinutes(15)));
      bench.allExpireBut(node);

      List<Reaped> reaped = bench.reapAll(reaper);

      assertThat(reaped).containsExactly(new Reaped(claim.id(), Reason.GUARD_PASSED, false));
      assertThat(node.renew().held()).isEmpty();
      Claim again = bench.claim(node);
      assertThat(ids(again)).containsExactly(items.get(0));
      assertThat(again.attempt()).isEqualTo(2);
      assertThat(again.standing()).isEqualTo(Standing.PROBATION);
      assertThat(bench.harness().errors(MAIL, "key"))
          .extracting(ErrorEntry::attempt, ErrorEntry::cause)
          .containsExactly(tuple(1, "guard"));
    }
  }

  @Test
  @DisplayName("a guard that passes at the last attempt sets the unit aside")
  default void aPassedGuardCanBeTheLast() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      Terms terms = Terms.of(MAIL).guard(Duration.ofMinutes(5)).attempts(2);
      bench.retry(node, bench.claim(node, terms), Cause.FAILURE);
      bench.claim(node, terms);
      bench.allExpireBut(node);

      assertThat(bench.reapAll(node))
          .extracting(Reaped::reason, Reaped::deadLettered)
          .containsExactly(tuple(Reason.GUARD_PASSED, true));
      List<DeadLetter> dead = bench.harness().deadLetters();
      assertThat(dead).hasSize(1);
      assertThat(dead.get(0).errors())
          .extracting(ErrorEntry::cause)
          .containsExactly("failure", "guard");
      assertThat(dead.get(0).ended()).containsOnly(entry("failure", 1), entry("guard", 1));
      assertThat(bench.pending("key")).isEmpty();
    }
  }

  @Test
  @DisplayName("guard and maxAttempts are those of the claim, whatever later claims ask for")
  default void termsAreFixedAtTheClaim() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueueKeys("key", 2);
      Claim generous = bench.claim(node, Terms.of(MAIL).guard(Duration.ofDays(1)).attempts(100));
      Claim strict = bench.claim(node, Terms.of(MAIL).guard(Duration.ofMinutes(1)).attempts(1));
      bench.allExpireBut(node);

      assertThat(bench.reapAll(node))
          .containsExactly(new Reaped(strict.id(), Reason.GUARD_PASSED, true));
      assertThat(node.renew().held()).containsExactly(generous.id().fence());
    }
  }

  @Test
  @DisplayName("the late end of a reaped claim is refused and does not touch the new one")
  default void theLateEndIsRefused() {
    try (Bench bench = bench()) {
      NodeStore zombie = bench.node();
      NodeStore node = bench.node();
      List<Long> items = bench.enqueue("key", 1);
      Claim old = bench.claim(zombie);
      bench.allExpireBut(node);
      assertThat(bench.reapAll(node)).hasSize(1);
      assertThat(bench.write(zombie, old.id(), new ClaimEnd.Completed()))
          .as("before the next claim")
          .isEqualTo(WriteAnswer.REFUSED);
      Claim current = bench.claim(node);

      assertThat(bench.write(zombie, old.id(), new ClaimEnd.Completed()))
          .as("after the next claim")
          .isEqualTo(WriteAnswer.REFUSED);
      assertThat(bench.pending("key")).isEqualTo(items);
      bench.complete(node, current);
    }
  }

  @Test
  @DisplayName("what was reaped is not reaped again")
  default void reapingIsDoneOnce() {
    try (Bench bench = bench()) {
      NodeStore reaper = bench.node();
      bench.enqueue("key");
      bench.crash(reaper, Terms.of(MAIL));

      assertThat(bench.reapAll(reaper)).isEmpty();
      assertThat(bench.claim(reaper).attempt()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("however many claims a node leaves, they are all taken back, pass by pass")
  default void everyClaimIsReaped() {
    try (Bench bench = bench()) {
      int keys = 350;
      NodeStore doomed = bench.node();
      NodeStore reaper = bench.node();
      bench.enqueueKeys("key", keys);
      assertThat(bench.claims(doomed, Terms.of(MAIL).keys(keys))).hasSize(keys);
      bench.allExpireBut(reaper);

      assertThat(bench.reapAll(reaper))
          .extracting(Reaped::claim)
          .doesNotHaveDuplicates()
          .hasSize(keys);
      assertThat(bench.harness().counts().claimedKeys()).isZero();
    }
  }

  @Test
  @DisplayName("types with pending items that no live node serves are named, and no others")
  default void unservedTypesAreNamed() {
    try (Bench bench = bench()) {
      NodeStore mail = bench.node(MAIL);
      assertThat(mail.reap().unserved()).as("nothing pending").isEmpty();
      bench.enqueue("key");
      bench.enqueue(Item.of(CHATS, "key", "hello"));

      assertThat(mail.reap().unserved()).as("without a chat node").containsExactly(CHAT);
      NodeStore chat = bench.node(CHAT);
      assertThat(mail.reap().unserved()).as("with a chat node").isEmpty();
      bench.allExpireBut(mail);
      assertThat(mail.reap().unserved()).as("the chat node expired").containsExactly(CHAT);
      chat.renew();
      assertThat(mail.reap().unserved()).as("the chat node is back").isEmpty();
      chat.close();
      assertThat(mail.reap().unserved()).as("the chat node left").containsExactly(CHAT);
    }
  }

  @Test
  @DisplayName("a node that has nothing to do and looks for work serves its types")
  default void idleNodesServeTheirTypes() {
    try (Bench bench = bench()) {
      NodeStore mail = bench.node(MAIL);
      NodeStore chat = bench.node(CHAT);
      bench.enqueue(Item.of(CHATS, "key", "hello").delay(Duration.ofDays(1)));
      bench.age(JUST_OVER_LEASE);
      mail.renew();
      assertThat(mail.reap().unserved()).as("the chat node may rest for a while").isEmpty();
      bench.allExpireBut(mail);
      assertThat(mail.reap().unserved()).as("the chat node is silent").containsExactly(CHAT);

      assertThat(bench.claims(chat, Terms.of(CHAT))).isEmpty();

      assertThat(mail.reap().unserved()).as("the chat node looks for work").isEmpty();
    }
  }
}
