package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Priority;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.GatherTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards what one call does for several: types of a claim, keys of one stamp, items of a call. */
class SeveralTypesTest {

  private static final Db DB = Db.installed("several_types");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final ItemType<String> CHAT = ItemType.of("chat", String.class);

  private final PostgresQueue queue = DB.queue();

  @BeforeEach
  void empty() {
    DB.empty();
  }

  private NodeStore join(Map<String, GatherTerms> gathers) {
    return queue
        .store()
        .join(
            new NodeSpec(
                "types",
                List.of("mail", "chat"),
                Duration.ofMinutes(10),
                Duration.ofSeconds(5),
                gathers));
  }

  private static List<Claim> claim(NodeStore node, int keys, int suspects) {
    List<TypeTerms> terms =
        Stream.of("mail", "chat")
            .map(type -> new TypeTerms(type, Duration.ofMinutes(5), 10, 1_000, 5))
            .toList();
    return node.claim(new ClaimRequest(terms, keys, keys, suspects)).claims();
  }

  private static List<String> keys(List<Claim> claims) {
    return claims.stream().map(claim -> claim.id().key()).toList();
  }

  @Test
  @DisplayName("an item that differs from the others of its call in all it has")
  void oneThatDiffers() {
    var unused =
        queue.enqueueAll(
            List.of(
                Item.of(MAIL, "usual", "x"),
                Item.of(MAIL, "other", "x")
                    .weight(7)
                    .variant("v")
                    .priority(Priority.URGENT)
                    .delay(Duration.ofHours(1))));
    assertThat(
            DB.column(
                "SELECT key || ' ' || weight || variant || ' ' || priority || ' ' || (due_at IS NOT NULL)"
                    + " FROM deriver.item ORDER BY id"))
        .containsExactly("usual 1 2 false", "other 7v 0 true");
  }

  @Test
  @DisplayName("the cap of suspects is one for all types together")
  void capsOverTypes() {
    try (NodeStore node = join(Map.of())) {
      queue.enqueue(Item.of(MAIL, "mail", "x"));
      queue.enqueue(Item.of(CHAT, "chat", "x"));
      assertThat(claim(node, 0, 0)).isEmpty();
      DB.execute("SELECT deriver.route_v1(name) FROM deriver.type");
      DB.execute("UPDATE deriver.head SET lane = 34");
      assertThat(claim(node, 10, 1)).hasSize(1);
    }
  }

  @Test
  @DisplayName("an old key that became urgent is found, whichever type it is of")
  void movedKeyOfTheSecondType() {
    try (NodeStore node = join(Map.of())) {
      queue.enqueue(Item.of(CHAT, "old", "x").priority(Priority.LOW));
      DB.execute("SELECT deriver.route_v1('chat')");
      DB.execute("UPDATE deriver.head SET available_at = available_at - interval '1 minute'");
      queue.enqueue(Item.of(CHAT, "urgent", "x").priority(Priority.URGENT));
      queue.enqueue(Item.of(CHAT, "normal", "x"));
      assertThat(keys(claim(node, 1, 1))).containsExactly("urgent");
      queue.enqueue(Item.of(CHAT, "old", "x").priority(Priority.URGENT));
      assertThat(keys(claim(node, 1, 1))).containsExactly("old");
    }
  }

  @Test
  @DisplayName("units of several items whose keys have the same stamp come whole")
  void sameStamp() {
    try (NodeStore node = join(Map.of())) {
      for (String key : List.of("a", "b")) {
        queue.enqueue(Item.of(MAIL, key, "1"));
        queue.enqueue(Item.of(MAIL, key, "2"));
      }
      DB.execute("SELECT deriver.route_v1('mail')");
      DB.execute("UPDATE deriver.head SET available_at = date_trunc('second', available_at)");
      assertThat(claim(node, 10, 1)).hasSize(2).allSatisfy(it -> assertThat(it.items()).hasSize(2));
    }
  }

  @Test
  @DisplayName("the rest of a key that gathers waits until it is enough, and no longer")
  void theRestBecomesEnough() {
    try (NodeStore node = join(Map.of("mail", new GatherTerms(10, Duration.ofHours(1), 10)))) {
      queue.enqueue(Item.of(MAIL, "key", "x").weight(10));
      Claim first = claim(node, 1, 1).get(0);
      queue.enqueue(Item.of(MAIL, "key", "x"));
      assertThat(claim(node, 1, 1)).isEmpty();
      var unused = node.write(List.of(new OutcomeWrite(first.id(), new ClaimEnd.Completed())));
      assertThat(claim(node, 1, 1)).as("one of ten").isEmpty();
      queue.enqueue(Item.of(MAIL, "key", "x").weight(9));
      assertThat(claim(node, 1, 1)).as("ten of ten").hasSize(1);
    }
  }
}
