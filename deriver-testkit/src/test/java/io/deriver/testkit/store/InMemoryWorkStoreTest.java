package io.deriver.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Codec;
import io.deriver.Dedupe;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.StoreException;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.store.Enqueued.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Guards what the store in memory offers beyond the contract of every store. */
class InMemoryWorkStoreTest {

  /** A payload that is no plain text. */
  record Message(String from, List<String> lines) {}

  /** What Jackson writes with its module for java.time, which the SDKs bring along. */
  record Dated(Instant at) {}

  private static final ItemType<Message> MAILS = ItemType.of("mail", Message.class);

  private final InMemoryWorkStore store = new InMemoryWorkStore();
  private final NodeStore node =
      store.join(
          new NodeSpec("memory", List.of("mail"), Duration.ofMinutes(10), Duration.ofSeconds(10)));

  @Test
  void hintsComeWithEveryEnqueueAndEveryEnd() {
    AtomicInteger hints = new AtomicInteger();
    node.onHint(hints::incrementAndGet);

    enqueue();
    assertThat(hints).hasValue(1);
    complete(claim());
    assertThat(hints).hasValue(2);
  }

  @Test
  void enqueueAnswersWhatHappenedAsTheQueueOnPostgresDoes() {
    Enqueued first = store.enqueue(deduped("key", Dedupe.KEEP_FIRST));
    assertThat(first.change()).isEqualTo(Change.ADDED);
    assertThat(store.enqueue(deduped("key", Dedupe.KEEP_FIRST)))
        .isEqualTo(new Enqueued(first.id(), Change.DEDUPLICATED));
    assertThat(store.enqueue(deduped("key", Dedupe.REPLACE)))
        .isEqualTo(new Enqueued(first.id(), Change.REPLACED));
    Enqueued pushed = store.enqueue(deduped("key", Dedupe.PUSH_BACK));
    assertThat(pushed.change()).isEqualTo(Change.PUSHED_BACK);
    assertThat(pushed.id()).isGreaterThan(first.id());
    Enqueued moved = store.enqueue(deduped("other", Dedupe.REPLACE));
    assertThat(moved.change()).isEqualTo(Change.PUSHED_BACK);
    claim();
    assertThat(store.enqueue(deduped("other", Dedupe.REPLACE)).change()).isEqualTo(Change.ADDED);
    assertThat(store.pending("mail", "other")).hasSize(2);
    assertThat(store.pending("mail", "key")).isEmpty();
  }

  private static Item<Message> deduped(String key, Dedupe mode) {
    return Item.of(MAILS, key, new Message("me", List.of())).dedupe("twin", mode);
  }

  @Test
  void aHintThatThrowsSparesTheOneWhoEnqueues() {
    AtomicInteger heard = new AtomicInteger();
    Thread current = Thread.currentThread();
    Thread.UncaughtExceptionHandler before = current.getUncaughtExceptionHandler();
    current.setUncaughtExceptionHandler((thread, error) -> heard.incrementAndGet());
    try {
      node.onHint(
          () -> {
            throw new IllegalStateException("a hint that throws");
          });

      enqueue();

      assertThat(heard).hasValue(1);
      assertThat(store.counts().pendingItems()).isEqualTo(1);
    } finally {
      current.setUncaughtExceptionHandler(before);
    }
  }

  @Test
  void payloadsAreWrittenWithTheModulesOnTheClassPath() throws Exception {
    Codec<Dated> codec = store.codecs().codecFor(Dated.class);
    Dated payload = new Dated(Instant.parse("2026-01-01T00:00:00Z"));

    assertThat(codec.encode(payload)).isEqualTo("{\"at\":\"2026-01-01T00:00:00Z\"}");
    assertThat(codec.decode(codec.encode(payload))).isEqualTo(payload);
  }

  @Test
  void aClosedNodeRefusesEveryCall() {
    node.close();

    assertThatThrownBy(node::renew)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("pool 'memory' is closed");
    assertThatThrownBy(this::claim).isInstanceOf(StoreException.class);
  }

  @Test
  void anEffectGivenAsRunnableTakesPlaceWithTheCompletion() throws Exception {
    enqueue();
    Claim claim = claim();
    AtomicInteger effects = new AtomicInteger();
    Outcome outcome = store.apply(() -> effects.incrementAndGet());
    assertThat(outcome).isInstanceOf(Outcome.Apply.class);

    assertThat(node.apply(claim.id(), ((Outcome.Apply) outcome).step(), new OpenGate()))
        .isEqualTo(WriteAnswer.DRAINED);

    assertThat(effects).hasValue(1);
    assertThat(store.counts().pendingItems()).isZero();
  }

  @Test
  void anEffectThatThrowsLeavesTheClaimAsItWas() {
    enqueue();
    Claim claim = claim();
    Outcome.Apply outcome =
        (Outcome.Apply)
            store.apply(
                () -> {
                  throw new IllegalStateException("an effect that throws");
                });

    assertThatThrownBy(() -> node.apply(claim.id(), outcome.step(), new OpenGate()))
        .hasMessage("an effect that throws");

    assertThat(complete(claim)).isEqualTo(WriteAnswer.DRAINED);
  }

  @Test
  void deadLettersOfUnknownIdsAreNotFound() {
    assertThat(store.requeue(77)).isFalse();
    assertThat(store.discard(77)).isFalse();
  }

  @Test
  void payloadsAreReadBackStrictly() throws Exception {
    Message message = new Message("ann", List.of("a", "b"));
    var codec = store.codecs().codecFor(Message.class);

    assertThat(codec.decode(codec.encode(message))).isEqualTo(message);
    assertThatThrownBy(() -> codec.decode(codec.encode(message) + " x"))
        .isInstanceOf(Exception.class);
    assertThatThrownBy(() -> codec.decode("null")).isInstanceOf(Exception.class);
  }

  private void enqueue() {
    store.enqueue(Item.of(MAILS, "key", new Message("ann", List.of("hello"))));
  }

  private Claim claim() {
    TypeTerms terms = new TypeTerms("mail", Duration.ofHours(1), 10, 1_000, 3);
    return node.claim(new ClaimRequest(List.of(terms), 1, 1, 1)).claims().get(0);
  }

  private WriteAnswer complete(Claim claim) {
    return node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))).get(0);
  }

  /** The gate of a run that is live. */
  private static final class OpenGate implements NodeStore.ApplyGate {
    @Override
    public void onCancel(AutoCloseable abort) {}

    @Override
    public boolean close() {
      return true;
    }
  }
}
