package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deriver.Codec;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards what a host and a person see: answers, refusals, counts, views, dead letters, hints. */
class OperatorsTest {

  private static final Db DB = Db.installed("operators");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final NodeSpec SPEC =
      new NodeSpec("operators", List.of("mail"), Duration.ofMinutes(1), Duration.ofSeconds(5));

  private final PostgresQueue queue = DB.queue();

  @BeforeEach
  void empty() {
    DB.empty();
  }

  private static Claim claim(NodeStore node) {
    return node.claim(
            new ClaimRequest(
                List.of(new TypeTerms("mail", Duration.ofMinutes(5), 1, 1_000, 3)), 1, 1, 1))
        .claims()
        .get(0);
  }

  private static void end(NodeStore node, ClaimEnd end) {
    node.write(List.of(new OutcomeWrite(claim(node).id(), end)));
  }

  @Test
  @DisplayName("ids come back in the order of the items, larger for later ones, whatever the types")
  void ids() {
    List<Item<String>> items =
        IntStream.range(0, 2_500)
            .mapToObj(
                i ->
                    Item.of(
                        i % 3 == 0 ? MAIL : ItemType.of("t" + i % 3, String.class),
                        "k" + i % 7,
                        "x"))
            .toList();

    List<Enqueued> enqueued = queue.enqueueAll(items);

    assertThat(enqueued).extracting(Enqueued::id).doesNotHaveDuplicates().hasSize(2_500);
    assertThat(enqueued).allMatch(one -> one.change() == Enqueued.Change.ADDED);
    List<Integer> byId =
        IntStream.range(0, 2_500)
            .boxed()
            .sorted(Comparator.comparing(i -> enqueued.get(i).id()))
            .toList();
    assertThat(DB.column("SELECT type || key FROM deriver.item ORDER BY id"))
        .as("each answer is of its item")
        .containsExactlyElementsOf(
            byId.stream().map(i -> items.get(i).type() + items.get(i).key()).toList());
    for (int type = 0; type < 3; type++) {
      int rest = type;
      assertThat(IntStream.range(0, 2_500).filter(i -> i % 3 == rest).mapToObj(enqueued::get))
          .as("those of a type in their order")
          .extracting(Enqueued::id)
          .isSorted();
    }
    assertThat(queue.enqueueAll(List.of())).isEmpty();
  }

  @Test
  @DisplayName(
      "payloads over the cap, without JSON, or with a NUL are refused, naming type and key")
  void badPayloads() {
    PostgresQueue small =
        PostgresQueue.builder(DB.dataSource()).schema(DB.schema()).maxPayloadBytes(10).build();
    small.enqueue(Item.of(MAIL, "key", "12345678"));
    assertThatThrownBy(() -> small.enqueue(Item.of(MAIL, "key", "123456789")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("type 'mail', key 'key' has 11 bytes; maxPayloadBytes is 10");
    for (String text : List.of("", "{", "{} {}", "nonsense", "\"a\0b\"", "\"\ud83d\"")) {
      assertThatThrownBy(() -> queue.enqueue(Item.of(MAIL.withCodec(raw(text)), "key", "x")))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("type 'mail', key 'key'");
    }
    assertThat(queue.counts().pendingItems()).isEqualTo(1);
    assertThatThrownBy(() -> PostgresQueue.builder(DB.dataSource()).maxPayloadBytes(0))
        .hasMessageContaining("maxPayloadBytes is 0");
  }

  private static Codec<String> raw(String json) {
    return new Codec<>() {
      @Override
      public String encode(String payload) {
        return json;
      }

      @Override
      public String decode(String text) {
        return text;
      }
    };
  }

  @Test
  @DisplayName("payloads are read by their class alone: no class name in the JSON is obeyed")
  void noDefaultTyping() throws Exception {
    Codec<Object> codec = queue.store().codecs().codecFor(Object.class);
    assertThat(codec.decode("[\"java.net.URL\", \"http://localhost\"]")).isInstanceOf(List.class);
    Codec<Payload> payloads = queue.store().codecs().codecFor(Payload.class);
    assertThat(payloads.decode("{\"text\":\"x\",\"fromTheNextVersion\":1}"))
        .isEqualTo(new Payload("x"));
    for (String bad : List.of("null", "[]", "{} {}", "{\"text\":{}}", "")) {
      assertThatThrownBy(() -> payloads.decode(bad)).as(bad).isInstanceOf(Exception.class);
    }
  }

  record Payload(String text) {}

  @Test
  @DisplayName("counts and views tell units and items, running, resting, on probation, dead")
  void countsAndViews() {
    try (NodeStore node = queue.store().join(SPEC)) {
      queue.enqueueAll(List.of(Item.of(MAIL, "dead", "x"), Item.of(MAIL, "dead", "y")));
      end(node, new ClaimEnd.DeadLettered(Cause.FAILURE, "no good"));
      end(node, new ClaimEnd.Released(Duration.ofHours(1)));
      queue.enqueue(Item.of(MAIL, "slow", "x"));
      end(node, new ClaimEnd.Retried(Duration.ZERO, Cause.TIMEOUT, "too slow"));
      queue.enqueue(Item.of(MAIL, "run", "x"));
      queue.enqueue(Item.of(MAIL, "late", "x").delay(Duration.ofHours(1)));
      Claim slow = claim(node);
      assertThat(slow.id().key()).isEqualTo("slow");
      queue.enqueueAll(List.of(Item.of(MAIL, "run", "y"), Item.of(MAIL, "new", "x")));

      assertThat(queue.counts()).isEqualTo(new QueueCounts(5, 6, 1, 1, 2, 2, 1, 0, 1));
      assertThat(queue.counts("mail")).isEqualTo(queue.counts());
      assertThat(queue.counts("other")).isEqualTo(new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0, 0));
      assertThat(
              DB.column(
                  "SELECT key || ' ' || state || ' ' || items FROM deriver.pending ORDER BY 1"))
          .containsExactly(
              "dead not due 1",
              "late not due 1",
              "new not routed 1",
              "run not routed 1",
              "run waiting 1",
              "slow running 1");
      assertThat(
              DB.column(
                  "SELECT key || ' ' || pool || ' ' || attempt || ' ' || standing FROM deriver.running"))
          .containsExactly("slow operators 2 probation");
      assertThat(
              DB.column(
                  "SELECT key || ' ' || standing || ' ' || last_cause || ' ' || last_error FROM deriver.probation"))
          .containsExactly("slow probation timeout too slow");
      assertThat(DB.column("SELECT key || ' ' || cause || ' ' || error FROM deriver.dead"))
          .containsExactly("dead failure no good");
    }
  }

  @Test
  @DisplayName("dead letters come in pages by id, and are requeued or discarded once")
  void deadLetters() {
    try (NodeStore node = queue.store().join(SPEC)) {
      List<Long> ids =
          queue
              .enqueueAll(IntStream.range(0, 5).mapToObj(i -> Item.of(MAIL, "k" + i, "x")).toList())
              .stream()
              .map(Enqueued::id)
              .toList();
      for (int i = 0; i < 5; i++) {
        end(node, new ClaimEnd.DeadLettered(Cause.TIMEOUT, "slow"));
      }
      List<DeadLetter> first = queue.deadLetters("mail", 0, 3);
      assertThat(first).extracting(DeadLetter::id).isEqualTo(ids.subList(0, 3));
      assertThat(queue.deadLetters("mail", ids.get(2), 3)).hasSize(2);
      assertThat(queue.deadLetters("other", 0, 3)).isEmpty();
      assertThat(first.get(0).errors())
          .extracting(DeadLetter.AttemptError::cause)
          .containsExactly("timeout");

      assertThat(queue.requeue(List.of(ids.get(0), ids.get(1), 999_999_999L))).isEqualTo(2);
      assertThat(queue.requeue(List.of(ids.get(0)))).isZero();
      assertThat(queue.discard(List.of(ids.get(2), ids.get(2)))).isEqualTo(1);
      assertThat(queue.discard(List.of())).isZero();
      assertThat(queue.counts().deadItems()).isEqualTo(2);
      assertThat(claim(node).attempt()).isEqualTo(1);
    }
    assertThatThrownBy(() -> queue.deadLetters("mail", 0, 0)).hasMessageContaining("limit is 0");
  }

  @Test
  @DisplayName("pools of this queue object and of other processes hear of new work")
  void hints() {
    PostgresQueue other = DB.queue();
    AtomicInteger here = new AtomicInteger();
    AtomicInteger there = new AtomicInteger();
    try (NodeStore mine = queue.store().join(SPEC);
        NodeStore theirs = other.store().join(SPEC)) {
      mine.onHint(here::incrementAndGet);
      theirs.onHint(there::incrementAndGet);
      await().until(() -> theirs.remarks().size() == 1);
      int before = there.get();

      queue.enqueue(Item.of(MAIL, "key", "x"));
      assertThat(here.get()).isPositive();
      await().until(() -> there.get() > before);
    }
  }

  @Test
  @DisplayName("with notifications off nothing listens and nothing is said")
  void notificationsOff() {
    PostgresQueue quiet =
        PostgresQueue.builder(DB.dataSource()).schema(DB.schema()).notifications(false).build();
    try (NodeStore node = quiet.store().join(SPEC)) {
      assertThat(node.remarks()).hasSize(1);
      assertThat(
              DB.column(
                  "SELECT query FROM pg_stat_activity WHERE query = 'LISTEN deriver_operators'"))
          .isEmpty();
    }
  }

  @Test
  @DisplayName("a claim whose items somebody deleted by hand is ended, and its key goes on")
  void deletedByHand() {
    try (NodeStore node = queue.store().join(SPEC)) {
      long gone = queue.enqueue(Item.of(MAIL, "key", "x")).id();
      end(node, new ClaimEnd.Released(Duration.ZERO));
      queue.enqueue(Item.of(MAIL, "key", "y"));
      DB.execute("DELETE FROM deriver.item WHERE id = " + gone);

      ClaimRequest request =
          new ClaimRequest(
              List.of(new TypeTerms("mail", Duration.ofMinutes(5), 1, 1_000, 3)), 1, 1, 1);
      assertThat(node.claim(request).claims()).isEmpty();
      assertThat(claim(node).items()).hasSize(1);
    }
  }
}
