package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.MAILS;
import static io.deriver.testkit.store.contract.Bench.OVER_LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.StoredItem;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.store.StoreCounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many threads at once: nothing lost, nothing twice, nothing out of order, no claim doubled. */
public interface RaceContract extends StoreContract {

  @Test
  @DisplayName("claimers against enqueuers on few keys: each item once, in order, one claim a key")
  default void claimersAgainstEnqueuers() throws Exception {
    try (Bench bench = bench();
        Crew crew = new Crew()) {
      Journal journal = new Journal();
      int enqueuers = 3;
      int each = 100;
      AtomicInteger enqueuing = new AtomicInteger(enqueuers);
      for (int enqueuer = 0; enqueuer < enqueuers; enqueuer++) {
        String name = "enqueuer" + enqueuer;
        crew.start(
            () -> {
              for (int i = 0; i < each && !crew.isStopped(); i++) {
                bench.enqueue("key" + i % 4, name + " " + i);
              }
              enqueuing.decrementAndGet();
            });
      }
      crew.start(
          3,
          () -> {
            NodeStore node = bench.node();
            while (!crew.isStopped()
                && (enqueuing.get() > 0 || journal.items() < enqueuers * each)) {
              work(bench, node, journal, 1 + journal.items() % 3);
            }
          });
      crew.join();

      journal.isWhole(enqueuers * each);
      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(0, 0, 0, 0));
    }
  }

  /** Claims what is there, enters it in the journal, and completes it. */
  private static void work(Bench bench, NodeStore node, Journal journal, int maxItems) {
    for (Claim claim : bench.claims(node, Terms.of(MAIL).keys(2).items(maxItems))) {
      journal.begin(claim);
      journal.end(claim);
      WriteAnswer answer;
      do {
        answer = bench.write(node, claim.id(), new ClaimEnd.Completed());
      } while (answer == WriteAnswer.UNDECIDED);
      assertThat(answer).isIn(WriteAnswer.WRITTEN, WriteAnswer.DRAINED);
    }
  }

  @Test
  @DisplayName("an enqueue against the completion that drains its key: no item is left without one")
  default void enqueueAgainstADrainingKey() throws Exception {
    try (Bench bench = bench();
        Crew crew = new Crew()) {
      int rounds = 200;
      Journal journal = new Journal();
      NodeStore node = bench.node();
      CyclicBarrier together = new CyclicBarrier(2);
      bench.enqueue("key", "enqueuer 0");
      crew.start(
          () -> {
            for (int i = 1; i < rounds; i++) {
              together.await(60, TimeUnit.SECONDS);
              bench.enqueue("key", "enqueuer " + i);
            }
          });
      crew.start(
          () -> {
            for (int i = 1; i < rounds; i++) {
              List<Claim> claims;
              do {
                claims = bench.claims(node, Terms.of(MAIL));
              } while (claims.isEmpty() && !crew.isStopped());
              Claim claim = claims.get(0);
              journal.begin(claim);
              journal.end(claim);
              together.await(60, TimeUnit.SECONDS);
              bench.complete(node, claim);
            }
          });
      crew.join();

      work(bench, node, journal, 100);
      journal.isWhole(rounds);
      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(0, 0, 0, 0));
    }
  }

  @Test
  @DisplayName("claims against completions of one key: no completed item comes back")
  default void completedItemsDoNotComeBack() throws Exception {
    try (Bench bench = bench();
        Crew crew = new Crew()) {
      int items = 200;
      Journal journal = new Journal();
      bench
          .harness()
          .enqueueAll(
              IntStream.range(0, items)
                  .mapToObj(i -> Item.of(MAILS, "key", "enqueuer " + i))
                  .toList());
      crew.start(
          4,
          () -> {
            NodeStore node = bench.node();
            while (!crew.isStopped() && journal.items() < items) {
              work(bench, node, journal, 2);
            }
          });
      crew.join();

      journal.isWhole(items);
    }
  }

  @Test
  @DisplayName("calls that enqueue the same keys in opposite order do not fail one another")
  default void enqueuersInOppositeOrder() throws Exception {
    try (Bench bench = bench();
        Crew crew = new Crew()) {
      int each = 50;
      for (int enqueuer = 0; enqueuer < 4; enqueuer++) {
        List<Item<String>> items = new ArrayList<>();
        for (int key = 0; key < 5; key++) {
          items.add(Item.of(MAILS, "key" + key, "x"));
        }
        if (enqueuer % 2 == 1) {
          Collections.reverse(items);
        }
        crew.start(
            () -> {
              for (int i = 0; i < each && !crew.isStopped(); i++) {
                bench.harness().enqueueAll(items);
              }
            });
      }
      crew.join();

      NodeStore node = bench.node();
      List<Claim> claims = bench.claims(node, Terms.of(MAIL).keys(10).items(1));
      assertThat(claims).extracting(claim -> claim.id().key()).hasSize(5).doesNotHaveDuplicates();
      assertThat(bench.harness().counts().pendingItems()).isEqualTo(4 * each * 5);
    }
  }

  @Test
  @DisplayName("of many that end one claim at once, one is written and all others are refused")
  default void aClaimIsEndedByOne() throws Exception {
    try (Bench bench = bench();
        Crew crew = new Crew()) {
      int writers = 4;
      NodeStore owner = bench.node();
      List<NodeStore> nodes = IntStream.range(0, writers).mapToObj(i -> bench.node()).toList();
      for (int round = 0; round < 20; round++) {
        bench.enqueue("key");
        Claim claim = bench.claim(owner);
        List<WriteAnswer> answers = Collections.synchronizedList(new ArrayList<>());
        CyclicBarrier together = new CyclicBarrier(writers);
        for (NodeStore node : nodes) {
          crew.start(
              () -> {
                together.await(60, TimeUnit.SECONDS);
                WriteAnswer answer;
                do {
                  answer =
                      node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed())))
                          .get(0);
                } while (answer == WriteAnswer.UNDECIDED);
                answers.add(answer);
              });
        }
        crew.join();
        assertThat(answers)
            .containsExactlyInAnyOrder(
                WriteAnswer.DRAINED, WriteAnswer.REFUSED, WriteAnswer.REFUSED, WriteAnswer.REFUSED);
      }
    }
  }

  @Test
  @DisplayName("of many that apply one claim at once, one takes effect and all others are refused")
  default void aClaimIsAppliedByOne() throws Exception {
    try (Bench bench = bench();
        Crew crew = new Crew()) {
      NodeStore node = bench.node();
      for (int round = 0; round < 20; round++) {
        bench.enqueue("key");
        Claim claim = bench.claim(node);
        List<WriteAnswer> answers = Collections.synchronizedList(new ArrayList<>());
        CyclicBarrier together = new CyclicBarrier(3);
        CompletionStep step =
            bench.harness().step("effect " + round, () -> together.await(60, TimeUnit.SECONDS));
        crew.start(3, () -> answers.add(node.apply(claim.id(), step, new TestGate(true))));
        crew.join();

        assertThat(answers)
            .containsExactlyInAnyOrder(
                WriteAnswer.DRAINED, WriteAnswer.REFUSED, WriteAnswer.REFUSED);
      }
      assertThat(bench.effects()).hasSize(20).doesNotHaveDuplicates();
      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(0, 0, 0, 0));
    }
  }

  @Test
  @DisplayName("a zombie that applies beside the new owner of its key: only the owner's effect")
  default void aZombieAppliesBesideTheOwner() throws Exception {
    try (Bench bench = bench();
        Crew crew = new Crew()) {
      NodeStore zombie = bench.node();
      NodeStore owner = bench.node();
      bench.enqueue("key");
      Claim old = bench.claim(zombie);
      CountDownLatch inside = new CountDownLatch(1);
      CyclicBarrier together = new CyclicBarrier(2);
      CompletionStep late =
          bench
              .harness()
              .step(
                  "zombie",
                  () -> {
                    inside.countDown();
                    return together.await(60, TimeUnit.SECONDS);
                  });
      List<WriteAnswer> ofZombie = Collections.synchronizedList(new ArrayList<>());
      crew.start(() -> ofZombie.add(zombie.apply(old.id(), late, new TestGate(true))));
      assertThat(inside.await(60, TimeUnit.SECONDS)).as("the zombie's step runs").isTrue();
      bench.allExpireBut(owner);
      assertThat(bench.reapAll(owner)).hasSize(1);
      Claim current = bench.claim(owner);
      CompletionStep step =
          bench.harness().step("owner", () -> together.await(60, TimeUnit.SECONDS));

      assertThat(owner.apply(current.id(), step, new TestGate(true)))
          .isEqualTo(WriteAnswer.DRAINED);
      crew.join();

      assertThat(ofZombie).containsExactly(WriteAnswer.REFUSED);
      assertThat(bench.effects()).containsExactly("owner");
    }
  }

  @Test
  @DisplayName("reapers beside one another: each dead claim is taken back by one of them, once")
  default void reapersBesideOneAnother() throws Exception {
    try (Bench bench = bench();
        Crew crew = new Crew()) {
      int keys = 200;
      NodeStore doomed = bench.node();
      List<NodeStore> reapers = IntStream.range(0, 3).mapToObj(i -> bench.node()).toList();
      bench.enqueueKeys("key", keys);
      List<Claim> claims = bench.claims(doomed, Terms.of(MAIL).keys(keys));
      bench.age(OVER_LEASE);
      reapers.forEach(NodeStore::renew);
      List<Reaped> reaped = Collections.synchronizedList(new ArrayList<>());
      for (NodeStore reaper : reapers) {
        crew.start(
            () -> {
              while (reaped.size() < keys && !crew.isStopped()) {
                reaped.addAll(reaper.reap().reaped());
              }
            });
      }
      crew.join();

      assertThat(reaped)
          .extracting(Reaped::claim)
          .containsExactlyInAnyOrderElementsOf(claims.stream().map(Claim::id).toList());
    }
  }

  @Test
  @DisplayName("renewals and reapers beside live work take nothing from it")
  default void reapersBesideLiveWork() throws Exception {
    try (Bench bench = bench();
        Crew crew = new Crew()) {
      int items = 200;
      Journal journal = new Journal();
      for (int i = 0; i < items; i++) {
        bench.enqueue("key" + i % 5, "enqueuer " + i);
      }
      crew.start(
          2,
          () -> {
            NodeStore node = bench.node();
            while (!crew.isStopped() && journal.items() < items) {
              work(bench, node, journal, 1);
              node.renew();
            }
          });
      crew.start(
          () -> {
            NodeStore reaper = bench.node();
            while (!crew.isStopped() && journal.items() < items) {
              assertThat(reaper.reap().reaped()).isEmpty();
            }
          });
      crew.join();

      journal.isWhole(items);
    }
  }

  @Test
  @DisplayName("many claimers at many keys: each key is claimed by one of them")
  default void claimersAtManyKeys() throws Exception {
    try (Bench bench = bench();
        Crew crew = new Crew()) {
      int keys = 100;
      bench.enqueueKeys("key", keys);
      List<StoredItem> claimed = Collections.synchronizedList(new ArrayList<>());
      crew.start(
          4,
          () -> {
            NodeStore node = bench.node();
            while (!crew.isStopped() && claimed.size() < keys) {
              for (Claim claim : bench.claims(node, Terms.of(MAIL).keys(7))) {
                claimed.addAll(claim.items());
              }
            }
          });
      crew.join();

      assertThat(claimed).extracting(StoredItem::id).hasSize(keys).doesNotHaveDuplicates();
    }
  }
}
