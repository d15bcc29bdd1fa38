package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.StoreException;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guards that a rolling deployment needs no stop: after a newer library has brought its version of
 * the schema, processes of this one go on, and can even start, as long as that version says so.
 */
class TwoVersionsTest {

  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final int KEYS = 40;
  private static final int ITEMS_A_KEY = 10;

  private final NextVersion next = new NextVersion();
  private Db db = Db.missing("two_versions");

  @BeforeEach
  void install() {
    db = Db.missing("two_versions");
    PostgresQueue.builder(db.dataSource()).schema(db.schema()).installSchema();
  }

  private PostgresQueue newer() {
    return PostgresQueue.builder(next.over(db.dataSource())).schema(db.schema()).build();
  }

  @Test
  @DisplayName("pools of two versions share the keys: every item once, in order")
  void sideBySide() {
    Map<String, List<String>> done = new ConcurrentHashMap<>();
    Set<String> ranOn = ConcurrentHashMap.newKeySet();
    PostgresQueue older = db.queue();
    older.enqueueAll(items(0));
    try (Pool first = pool("older", older, done, ranOn).start()) {
      db.execute(NextVersion.script(1));
      newer().enqueueAll(items(ITEMS_A_KEY));
      try (Pool second = pool("newer", newer(), done, ranOn).start();
          // A process that starts anew in the middle of the deployment.
          Pool again = pool("again", db.queue(), done, ranOn).start()) {
        older.enqueueAll(items(2 * ITEMS_A_KEY));
        await().atMost(Duration.ofSeconds(60)).until(() -> older.counts().pendingItems() == 0);
        assertThat(List.of(first, second, again)).allMatch(pool -> pool.health().live() == 0);
      }
    }
    assertThat(done).hasSize(KEYS);
    assertThat(done.values()).allSatisfy(payloads -> assertThat(payloads).isEqualTo(inOrder()));
    assertThat(ranOn).contains("newer").containsAnyOf("older", "again");
    assertThat(next.calls()).isPositive();
  }

  @ParameterizedTest(name = "the newer one loses it: {0}")
  @ValueSource(booleans = {true, false})
  @DisplayName("a claim of one version is taken back by the other, and its late end refused")
  void takenOver(boolean newerLoses) {
    db.execute(NextVersion.script(1));
    PostgresQueue one = newerLoses ? newer() : db.queue();
    PostgresQueue other = newerLoses ? db.queue() : newer();
    one.enqueue(Item.of(MAIL, "key", "x"));
    try (NodeStore loser = one.store().join(spec());
        NodeStore taker = other.store().join(spec())) {
      Claim lost = claim(loser);
      assertThat(db.column("SELECT claimed_by FROM deriver.head"))
          .containsExactly(newerLoses ? "version 2" : null);
      db.age(Duration.ofMinutes(2));
      taker.renew();
      assertThat(taker.reap().reaped()).hasSize(1);

      Claim taken = claim(taker);

      assertThat(taken.standing()).isEqualTo(Claim.Standing.SUSPECT);
      assertThat(done(loser, lost)).isEqualTo(WriteAnswer.REFUSED);
      assertThat(done(taker, taken)).isEqualTo(WriteAnswer.DRAINED);
    }
    assertThat(one.counts().pendingItems()).isZero();
  }

  @Test
  @DisplayName("a version that says that this one cannot work beside it keeps it out")
  void notBesideThat() {
    PostgresQueue older = db.queue();
    db.execute(NextVersion.script(2));

    assertThatThrownBy(db::queue)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("has version 2")
        .hasMessageContaining("libraries from 2 on");
    assertThatThrownBy(() -> older.store().join(spec())).isInstanceOf(StoreException.class);
  }

  private static Pool.Builder pool(
      String name, PostgresQueue queue, Map<String, List<String>> done, Set<String> ranOn) {
    return Pool.builder(queue.store())
        .name(name)
        .slots(4)
        .pollInterval(Duration.ofMillis(10), Duration.ofMillis(100))
        .processor(
            MAIL,
            (unit, run) -> {
              ranOn.add(name);
              done.computeIfAbsent(unit.key(), key -> new CopyOnWriteArrayList<>())
                  .addAll(unit.payloads());
              return Outcome.done();
            },
            limits -> limits.maxItems(3));
  }

  private static List<Item<String>> items(int from) {
    List<Item<String>> items = new ArrayList<>();
    for (int n = from; n < from + ITEMS_A_KEY; n++) {
      for (int key = 0; key < KEYS; key++) {
        items.add(Item.of(MAIL, "key" + key, String.valueOf(n)));
      }
    }
    return items;
  }

  private static List<String> inOrder() {
    return IntStream.range(0, 3 * ITEMS_A_KEY).mapToObj(String::valueOf).toList();
  }

  private static NodeSpec spec() {
    return new NodeSpec("versions", List.of("mail"), Duration.ofMinutes(1), Duration.ofSeconds(10));
  }

  private static Claim claim(NodeStore node) {
    ClaimRequest.TypeTerms terms =
        new ClaimRequest.TypeTerms("mail", Duration.ofHours(1), 1, 1 << 20, 3);
    return node.claim(new ClaimRequest(List.of(terms), 1, 1, 1)).claims().get(0);
  }

  private static WriteAnswer done(NodeStore node, Claim claim) {
    return node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))).get(0);
  }
}
