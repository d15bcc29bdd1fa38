package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.jdbc.KeyView.State;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guards that operators see a key as it is, drop what waits and no more, and act in bulk. */
class OperationsTest {

  private static final Db DB = Db.installed("operations");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final NodeSpec SPEC =
      new NodeSpec("operations", List.of("mail"), Duration.ofMinutes(1), Duration.ofSeconds(5));

  private PostgresQueue queue = DB.queue();
  private NodeStore node = queue.store().join(SPEC);

  OperationsTest() {}

  @BeforeEach
  void empty() {
    node.close();
    DB.empty();
    node = queue.store().join(SPEC);
  }

  @AfterEach
  void leave() {
    node.close();
  }

  private Claim claim(int items) {
    return node.claim(
            new ClaimRequest(
                List.of(new TypeTerms("mail", Duration.ofMinutes(5), items, 1_000, 3)), 1, 1, 1))
        .claims()
        .get(0);
  }

  private void end(Claim claim, ClaimEnd end) {
    assertThat(node.write(List.of(new OutcomeWrite(claim.id(), end))))
        .allMatch(WriteAnswer::isWritten);
  }

  private void enqueue(String key, int items) {
    queue.enqueueAll(IntStream.range(0, items).mapToObj(i -> Item.of(MAIL, key, "x")).toList());
  }

  private KeyView look(String key) {
    return queue.operations().look(MAIL, key).orElseThrow();
  }

  @Test
  void aKeyIsSeenAsItIs() {
    assertThat(queue.operations().look(MAIL, "key")).isEmpty();
    queue.enqueue(Item.of(MAIL, "key", "hello").weight(7).variant("v2"));
    KeyView fresh = look("key");
    assertThat(fresh.state()).isEqualTo(State.NOT_ROUTED);
    assertThat(fresh.itemCount()).isEqualTo(1);

    Claim first = claim(1);
    enqueue("key", 2);
    KeyView running = look("key");
    assertThat(running.state()).isEqualTo(State.RUNNING);
    assertThat(running.itemCount()).isEqualTo(3);
    assertThat(running.attempts()).isEqualTo(1);
    assertThat(running.run())
        .get()
        .satisfies(
            run -> {
              assertThat(run.node()).isEqualTo(node.nodeId());
              assertThat(run.pool()).contains("operations");
              assertThat(run.fence()).isEqualTo(first.id().fence());
              assertThat(run.items()).isEqualTo(1);
              assertThat(Duration.between(run.since(), run.until()))
                  .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(6));
            });
    assertThat(running.items().get(0))
        .satisfies(
            item -> {
              assertThat(item.id()).isEqualTo(first.items().get(0).id());
              assertThat(item.bytes()).isEqualTo(7);
              assertThat(item.weight()).isEqualTo(7);
              assertThat(item.variant()).isEqualTo("v2");
              assertThat(item.dueAt()).isEmpty();
            });

    end(first, new ClaimEnd.Retried(Duration.ofHours(1), Cause.FAILURE, "busy"));
    KeyView resting = look("key");
    assertThat(resting.state()).isEqualTo(State.NOT_DUE);
    assertThat(resting.run()).isEmpty();
    assertThat(resting.ended()).containsEntry("failure", 1);
    assertThat(resting.errors())
        .singleElement()
        .satisfies(error -> assertThat(error.error()).isEqualTo("busy"));
  }

  @Test
  void aLongKeyShowsItsOldestHundredAndCountsAll() {
    enqueue("long", 250);
    end(claim(1), new ClaimEnd.Released(Duration.ZERO));

    KeyView view = look("long");

    assertThat(view.state()).isEqualTo(State.WAITING);
    assertThat(view.items()).hasSize(100);
    assertThat(view.items()).extracting(KeyView.Pending::id).isSorted();
    assertThat(view.itemCount()).isEqualTo(250);
  }

  @Test
  void cancellingDropsWhatWaitsAndLeavesWhatRuns() {
    enqueue("long", 250);
    Claim running = claim(2);
    enqueue("long", 3);
    enqueue("other", 1);

    assertThat(queue.operations().cancelPending(MAIL, "long")).isEqualTo(251);

    assertThat(look("long").itemCount()).isEqualTo(2);
    assertThat(look("other").itemCount()).isEqualTo(1);
    end(running, new ClaimEnd.Completed());
    assertThat(queue.operations().look(MAIL, "long")).isEmpty();
    assertThat(DB.column("SELECT key FROM deriver.item")).containsExactly("other");
    assertThat(DB.column("SELECT key FROM deriver.segment")).isEmpty();
  }

  @Test
  void cancellingDropsAKeyThatRests() {
    enqueue("key", 2);
    end(claim(1), new ClaimEnd.Retried(Duration.ofHours(1), Cause.FAILURE, "busy"));
    assertThat(queue.operations().cancelPending(MAIL, "key")).isEqualTo(2);
    assertThat(queue.operations().cancelPending(MAIL, "key")).isZero();
    assertThat(queue.operations().cancelPending(ItemType.of("unknown", String.class), "key"))
        .isZero();
    assertThat(queue.counts().pendingItems()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> queue.operations().cancelPending(MAIL, " "))
        .withMessageContaining("key is blank");
  }

  @Test
  void otherProcessesHearOfAFlushAndOfWhatIsPutBack() {
    PostgresQueue elsewhere = DB.queue();
    AtomicInteger heard = new AtomicInteger();
    try (NodeStore theirs = elsewhere.store().join(SPEC)) {
      theirs.onHint(heard::incrementAndGet);
      await().until(() -> theirs.remarks().size() == 1);
      List<Runnable> actions =
          List.of(
              () -> queue.flush(MAIL, "key"),
              () -> queue.flush(MAIL),
              queue::flushAll,
              () -> queue.requeue(List.of(1L)));
      for (Runnable action : actions) {
        int before = heard.get();
        action.run();
        await().until(() -> heard.get() > before);
      }
    }
  }

  @Test
  void aRunIsEndedOnWhicheverNodeItIs() {
    CompletableFuture<Outcome> never = new CompletableFuture<>();
    List<PoolEvent> events = new CopyOnWriteArrayList<>();
    Pool.Builder builder =
        Pool.builder(queue.store())
            .renewInterval(Duration.ofMillis(50))
            .closeTimeout(Duration.ZERO)
            .listener(events::add)
            .processor(
                MAIL,
                (unit, run) -> {
                  run.onCancel(() -> never.complete(Outcome.done()));
                  return never.join();
                });
    PostgresQueue elsewhere = DB.queue();
    try (Pool pool = builder.start()) {
      assertThat(elsewhere.operations().cancelRunning(MAIL, "key")).isFalse();
      enqueue("key", 1);
      await().until(() -> pool.health().live() == 1);

      assertThat(elsewhere.operations().cancelRunning(MAIL, "key")).isTrue();

      await().until(() -> events.stream().anyMatch(PoolEvent.RunCancelled.class::isInstance));
      await().until(() -> look("key").state() == State.NOT_DUE);
      assertThat(look("key").attempts()).isEqualTo(1);
    }
  }

  @Test
  void deadLettersArePutBackAndDroppedInBulk() {
    deadLetters("mail", 1_200, "1 day");
    deadLetters("chat", 3, "1 day");

    assertThat(queue.operations().requeueAll(MAIL)).isEqualTo(1_200);
    assertThat(queue.operations().requeueAll(MAIL)).isZero();
    assertThat(queue.counts("mail").pendingItems()).isEqualTo(1_200);
    assertThat(queue.counts().deadItems()).isEqualTo(3);

    deadLetters("mail", 700, "1 day");
    assertThat(queue.operations().discardAll(MAIL)).isEqualTo(700);
    assertThat(queue.counts().deadItems()).isEqualTo(3);
  }

  @Test
  void oldDeadLettersAreDroppedByTheReaperWhereTheHostWantsThat() {
    deadLetters("mail", 1_200, "31 days");
    deadLetters("chat", 2, "29 days");
    assertThat(node.reap().more()).isFalse();
    assertThat(queue.counts().deadItems()).isEqualTo(1_202);

    PostgresQueue tidy =
        PostgresQueue.builder(DB.dataSource())
            .schema(DB.schema())
            .keepDeadLetters(Duration.ofDays(30))
            .build();
    try (NodeStore purging = tidy.store().join(SPEC)) {
      assertThat(purging.reap().more()).isTrue();
      assertThat(queue.counts().deadItems()).isEqualTo(702);
      assertThat(purging.reap().more()).isTrue();
      assertThat(purging.reap().more()).isFalse();
    }
    assertThat(DB.column("SELECT DISTINCT type FROM deriver.dead_letter")).containsExactly("chat");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PostgresQueue.builder(DB.dataSource()).keepDeadLetters(Duration.ZERO))
        .withMessageContaining("keepDeadLetters is PT0S");
  }

  private static void deadLetters(String type, int number, String age) {
    DB.execute(
        """
        INSERT INTO deriver.dead_letter (id, type, key, payload, bytes, weight, enqueued_at, attempts, ended, errors, died_at)
        SELECT nextval('deriver.item_number'), '%s', 'k' || n, '"x"', 3, 1, now(), 1, '{}', '[]', now() - interval '%s'
          FROM generate_series(1, %d) n
        """
            .formatted(type, age, number));
  }
}
