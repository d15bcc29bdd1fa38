package io.deriver.testkit.store.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimId;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.GatherTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.ReapReport;
import io.deriver.spi.StoredItem;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store with nodes on it, and the moves that the contract's tests are made of. */
public final class Bench implements AutoCloseable {

  static final String MAIL = "mail";
  static final String CHAT = "chat";
  static final ItemType<String> MAILS = ItemType.of(MAIL, String.class);
  static final ItemType<String> CHATS = ItemType.of(CHAT, String.class);
  static final Duration LEASE = Duration.ofMinutes(10);
  static final Duration JUST_OVER_LEASE = Duration.ofMinutes(11);
  static final Duration OVER_LEASE = Duration.ofMinutes(20);
  static final Duration MOST_OF_LEASE = Duration.ofMinutes(6);

  private static final Duration CALL_LIMIT = Duration.ofSeconds(30);

  private final StoreHarness harness;
  private final List<NodeStore> nodes = new CopyOnWriteArrayList<>();

  Bench(StoreHarness harness) {
    this.harness = harness;
  }

  StoreHarness harness() {
    return harness;
  }

  NodeStore node() {
    return node(MAIL, CHAT);
  }

  NodeStore node(String... types) {
    NodeStore node =
        harness.store().join(new NodeSpec("contract", Arrays.asList(types), LEASE, CALL_LIMIT));
    nodes.add(node);
    return node;
  }

  /** A node of whose types some gather. */
  NodeStore gathering(Map<String, GatherTerms> terms) {
    NodeStore node =
        harness
            .store()
            .join(new NodeSpec("contract", List.of(MAIL, CHAT), LEASE, CALL_LIMIT, terms));
    nodes.add(node);
    return node;
  }

  long enqueue(String key) {
    return enqueue(key, "payload of " + key);
  }

  long enqueue(String key, String payload) {
    return enqueue(Item.of(MAILS, key, payload));
  }

  long enqueue(Item<?> item) {
    return harness.enqueueAll(List.of(item)).get(0);
  }

  /** So many items of a key, each enqueued by a call of its own. */
  List<Long> enqueue(String key, int items) {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      ids.add(enqueue(key, key + " " + i));
    }
    return ids;
  }

  /** One item for each of so many keys, k0, k1 and so on. */
  void enqueueKeys(String prefix, int keys) {
    List<Item<String>> items = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      items.add(Item.of(MAILS, prefix + i, "payload " + i));
    }
    harness.enqueueAll(items);
  }

  List<Claim> claims(NodeStore node, Terms terms) {
    return node.claim(terms.request()).claims();
  }

  /** The one claim that the node gets on these terms. */
  Claim claim(NodeStore node, Terms terms) {
    List<Claim> claims = claims(node, terms);
    assertThat(claims).as("claims").hasSize(1);
    return claims.get(0);
  }

  Claim claim(NodeStore node) {
    return claim(node, Terms.of(MAIL));
  }

  /** Says that there is nothing to claim now. */
  void claimsNothing(NodeStore node) {
    assertThat(claims(node, Terms.of(MAIL, CHAT).keys(100))).as("claims").isEmpty();
  }

  WriteAnswer write(NodeStore node, ClaimId claim, ClaimEnd end) {
    List<WriteAnswer> answers = node.write(List.of(new OutcomeWrite(claim, end)));
    assertThat(answers).as("answers to one write").hasSize(1);
    return answers.get(0);
  }

  /** Ends the claim, and says that the store took it. */
  void end(NodeStore node, Claim claim, ClaimEnd end) {
    assertThat(write(node, claim.id(), end))
        .as("the answer to %s", end)
        .isIn(WriteAnswer.WRITTEN, WriteAnswer.DRAINED);
  }

  void complete(NodeStore node, Claim claim) {
    end(node, claim, new ClaimEnd.Completed());
  }

  void retry(NodeStore node, Claim claim, Cause cause) {
    end(node, claim, new ClaimEnd.Retried(Duration.ZERO, cause, "error of the test"));
  }

  /** All that there is to reap, in as many passes as the store wants. */
  List<ReapReport.Reaped> reapAll(NodeStore node) {
    List<ReapReport.Reaped> reaped = new ArrayList<>();
    ReapReport report;
    do {
      report = node.reap();
      reaped.addAll(report.reaped());
    } while (report.more());
    return reaped;
  }

  /** Claims one key with a node that then dies and is reaped by another. */
  ReapReport.Reaped crash(NodeStore reaper, Terms terms) {
    NodeStore doomed = node();
    Claim claim = claim(doomed, terms);
    allExpireBut(reaper);
    List<ReapReport.Reaped> reaped = reapAll(reaper);
    assertThat(reaped).extracting(ReapReport.Reaped::claim).containsExactly(claim.id());
    return reaped.get(0);
  }

  /** Makes a key stand on probation; it must be the only one that waits. */
  void toProbation(NodeStore node) {
    retry(node, claim(node), Cause.TIMEOUT);
  }

  List<Long> pending(String key) {
    return harness.pending(MAIL, key);
  }

  void age(Duration by) {
    harness.age(by);
  }

  /** The leases of all nodes pass, and this one alone renews. */
  void allExpireBut(NodeStore node) {
    age(OVER_LEASE);
    node.renew();
  }

  /** A step that makes this call and has one effect, called {@code effect}. */
  CompletionStep step(Callable<?> call) {
    return harness.step("effect", call);
  }

  List<String> effects() {
    return harness.effects();
  }

  static List<Long> ids(Claim claim) {
    return claim.items().stream().map(StoredItem::id).toList();
  }

  static ClaimId withFence(ClaimId id, long fence) {
    return new ClaimId(id.type(), id.key(), fence, id.node());
  }

  static ClaimId withNode(ClaimId id, String node) {
    return new ClaimId(id.type(), id.key(), id.fence(), node);
  }

  @Override
  public void close() {
    nodes.forEach(NodeStore::close);
    harness.close();
  }
}
